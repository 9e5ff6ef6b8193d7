using System.CommandLine;
using System.Globalization;
using System.Net;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Orleans;
using Tsds.Orleans.Hosting;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds worker</c>, a member of a cluster that searches the chunks it holds.</summary>
internal sealed class WorkerCommand(CliConsole terminal) : CommandDefinition(terminal)
{
    private readonly SelectOptions _select = new();
    private readonly Option<string[]> _vectors = new("--vectors")
    {
        HelpName = "DIR",
        Description =
            "Folders of one vector store of 'tsds embed': each with its manifest.json and any part of its "
            + "shards. Nothing else is read. Required.",
        AllowMultipleArgumentsPerToken = true,
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _bind = One(
        "--bind",
        "ADDRESS",
        "Address to listen on, by which the others find this worker. Default: 127.0.0.1, which no other "
            + "machine reaches."
    );
    private readonly Option<string> _siloPort = One(
        "--silo-port",
        "PORT",
        "Port for other workers. Default: a free one."
    );
    private readonly Option<string> _gatewayPort = One(
        "--gateway-port",
        "PORT",
        "Port for clients. Default: a free one."
    );
    private readonly Option<string> _healthPort = One(
        "--health-port",
        "PORT",
        "Port that answers GET /healthz. Default: none."
    );
    private readonly Option<string> _healthCheck = One(
        "--health-check",
        "URL",
        "Ask the worker at this address, such as http://127.0.0.1:8080/healthz, and end: with 0 if it is a member of "
            + "its cluster, with 1 if not. For containers. No other option is needed."
    );
    private readonly Option<bool> _attached = new("--attached")
    {
        Description = "Leave when standard input ends: for a program that starts workers.",
        Arity = ArgumentArity.Zero,
    };

    public override string Name => "worker";

    public override string Summary => "Hold a part of a vector store and search it for a cluster.";

    public override HelpPage Help =>
        new(
            "Joins a cluster and searches the shards that lie below its folders, for 'tsds select "
                + "--cluster', until it gets Ctrl-C or SIGTERM. Logs are JSON lines on standard error.",
            "tsds worker --cluster redis://HOST:PORT/NAME --vectors DIR... [options]",
            [
                new HelpSection("Worker", [.. Options.Except(_select.ClusterFlags.All).Select(SelectOptions.Row)]),
                new HelpSection("Cluster", [.. _select.ClusterFlags.All.Select(SelectOptions.Row)]),
            ],
            [
                "tsds worker --cluster redis://10.0.0.1:6379/pool --cluster-secret secret.txt --vectors "
                    + "/data/pool.vectors --bind 10.0.0.2",
            ]
        );

    public override IReadOnlyList<Option> Options =>
        [
            _vectors,
            _bind,
            _siloPort,
            _gatewayPort,
            _healthPort,
            _healthCheck,
            _attached,
            _select.Threads,
            .. _select.ClusterFlags.All,
        ];

    private static Option<string> One(string name, string value, string description) =>
        new(name)
        {
            HelpName = value,
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
        };

    private WorkerOptions Bind(OptionReader reader)
    {
        ClusterOptions cluster =
            _select.ClusterFlags.Read(reader)
            ?? throw new ArgumentException(
                "--cluster is needed: the cluster to join, such as redis://127.0.0.1:6379/pool."
            );
        IReadOnlyList<string> folders = reader.List(_vectors);
        WorkerOptions worker = new()
        {
            Cluster =
                cluster.Address.Kind != ClusterKind.Local
                    ? cluster
                    : throw new ArgumentException(
                        "--cluster local:N starts workers by itself; a worker joins redis://HOST:PORT/NAME."
                    ),
            Folders =
                folders.Count > 0
                    ? folders
                    : throw new ArgumentException("--vectors is needed: the folders of the vector store."),
            SiloPort = ReadNumber(reader, _siloPort, 0, ushort.MaxValue) ?? 0,
            GatewayPort = ReadNumber(reader, _gatewayPort, 0, ushort.MaxValue) ?? 0,
            HealthPort = ReadNumber(reader, _healthPort, 1, ushort.MaxValue),
        };
        if (reader.Find(_bind) is { } bind)
        {
            bool isAddress =
                IPAddress.TryParse(bind.Text, out IPAddress? address)
                && !address.Equals(IPAddress.Any)
                && !address.Equals(IPAddress.IPv6Any);
            worker = isAddress
                ? worker with
                {
                    Bind = address!,
                }
                : throw bind.Expected(
                    "the address of one network interface, by which others reach it, such as 10.0.0.2"
                );
        }

        return _select.Machine.ReadThreads(reader) is { } threads ? worker with { ThreadCount = threads } : worker;
    }

    private static int? ReadNumber(OptionReader reader, Option<string> option, int least, int most)
    {
        if (reader.Find(option) is not { } value)
        {
            return null;
        }

        return
            int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= least
            && number <= most
            ? number
            : throw value.Expected($"a whole number from {least} on");
    }

    protected override async Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken)
    {
        if (reader.Find(_healthCheck) is { } address)
        {
            await HealthProbe.AskAsync(address, cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        }

        Terminal.CancelledSentence = "the worker has left its cluster.";
        WorkerOptions worker = Bind(reader);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (reader.IsSet(_attached))
        {
            // Nothing is ever written to it; it ends with the process at its other end.
            Stream input = Console.OpenStandardInput();
            _ = Task.Run(
                async () =>
                {
                    await input.CopyToAsync(Stream.Null, CancellationToken.None).ConfigureAwait(false);
                    await stop.CancelAsync().ConfigureAwait(false);
                },
                CancellationToken.None
            );
        }

        try
        {
            await WorkerHost.RunAsync(worker, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Done;
        }

        return ExitCode.Done;
    }
}
