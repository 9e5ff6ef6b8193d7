using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Explorer;
using Tsds.Jobs.Explore;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds explore</c>, which shows a selection in the browser and changes it.</summary>
internal sealed class ExploreCommand(CliConsole terminal) : CommandDefinition(terminal)
{
    private readonly RecordedOptions _options = new();
    private readonly Argument<string?> _other = new("OTHER")
    {
        Description = "A second selection of the same pool, or the folder of a comparison.",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string> _port = new("--port")
    {
        HelpName = "N",
        Description = "Port of the page. Default: any that is free.",
        Arity = ArgumentArity.ExactlyOne,
    };
    private readonly Option<string> _bind = new("--bind")
    {
        HelpName = "ADDRESS",
        Description =
            "Address under which other machines reach the page, with the token that is printed. Default: this "
            + "machine alone.",
        Arity = ArgumentArity.ExactlyOne,
    };
    private readonly Option<bool> _noBrowser = new("--no-browser")
    {
        Description = "Print the address, and open no browser.",
    };

    public override string Name => "explore";

    public override string Summary => "Look at a selection in the browser, and change it.";

    public override HelpPage Help =>
        new(
            "Opens a page on a selection: a map of the pool, why each row was chosen, what another budget, alpha or "
                + "a few rows less would choose, and a button that saves it. Serves this machine alone until Ctrl-C.",
            "tsds explore OUT [OTHER] [options]",
            [new HelpSection("Options", [.. Options.Select(SelectOptions.Row)])],
            ["tsds explore out/", "tsds explore out/ other/ --port 8080 --no-browser"]
        );

    public override IReadOnlyList<Argument> Arguments => [_options.Selection, _other];

    public override IReadOnlyList<Option> Options => [_port, _bind, _noBrowser, .. _options.All];

    protected override async Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken)
    {
        ExplorerOptions options = new()
        {
            Selection = _options.ReadManifest(reader, fetched: null),
            Other = reader.Value(_other),
            Repeat = _options.ReadRepeat(reader),
            Port = ReadPort(reader),
            Bind = reader.Find(_bind)?.Text,
        };
        if (options.Other is { } other)
        {
            // Before anything is served: opening takes a while.
            SelectionLayer.Require(other);
        }

        try
        {
            await ExplorerServer
                .RunAsync(options, address => Announce(address, !reader.IsSet(_noBrowser)), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how the page is closed.
        }

        return ExitCode.Done;
    }

    private int ReadPort(OptionReader reader) =>
        reader.Find(_port) is not { } value ? 0
        : int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int port)
        && port is > 0 and <= ushort.MaxValue
            ? port
        : throw value.Expected("a port from 1 to 65535");

    private void Announce(Uri address, bool opensBrowser)
    {
        Terminal.Events?.Write("listening", new ListeningEvent(address.AbsoluteUri));
        if (Terminal.Events is null)
        {
            Terminal.Out.WriteLine(address.AbsoluteUri);
            Terminal.Out.Flush();
        }

        Terminal.Error.WriteLine("Open this address in a browser; Ctrl-C ends.");
        if (opensBrowser)
        {
            Open(address);
        }
    }

    /// <summary>Opens the user's browser; where there is none, the address is printed all the same.</summary>
    private static void Open(Uri address)
    {
        (string program, string[] arguments) =
            OperatingSystem.IsWindows() ? ("cmd", ["/c", "start", "", address.AbsoluteUri])
            : OperatingSystem.IsMacOS() ? ("open", [address.AbsoluteUri])
            : ("xdg-open", (string[])[address.AbsoluteUri]);
        try
        {
            ProcessStartInfo start = new(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process? browser = Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // A machine without a desktop.
        }
    }
}
