using System.CommandLine;
using System.Globalization;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Cli.Progress;
using Tsds.Jobs.Index;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds index</c>, which writes an index for later selections from the same vectors.</summary>
internal sealed class IndexCommand
{
    private readonly CliConsole _console;
    private readonly IndexOptions _options = new();

    public IndexCommand(CliConsole console)
    {
        _console = console;
    }

    public HelpPage Help =>
        new(
            "Writes an index of a pool's embeddings: the second task on the same pool takes less time, and "
                + "selects the same rows.",
            "tsds index --pool-vectors FILE... --out DIR [options]",
            [new HelpSection("Options", [.. _options.All.Select(SelectOptions.Row)])],
            [
                "tsds index --pool-vectors pool.npy --out pool.index/",
                "tsds select --pool-vectors pool.npy --target-vectors targets.npy --index pool.index/ "
                    + "--budget 1% --out out/",
            ]
        );

    public Command Create()
    {
        Command command = new("index", "Write an index of a pool, so that selections from it are faster.");
        foreach (Option option in _options.All)
        {
            command.Add(option);
        }

        command.SetAction((parse, cancellationToken) => RunAsync(Bind(parse), cancellationToken));
        return command;
    }

    private IndexJobOptions Bind(ParseResult parse)
    {
        OptionReader reader = OptionReader.Create(parse, _options.Config, _options.All);
        if (reader.IsSet(_options.Json))
        {
            _console.UseJson();
        }

        IReadOnlyList<string> vectors = reader.List(_options.PoolVectors);
        IndexJobOptions job = new()
        {
            PoolVectors =
                vectors.Count > 0
                    ? vectors
                    : throw new ArgumentException("--pool-vectors is needed: the embeddings to index."),
            Output = reader.Find(_options.Out)?.Text is { Length: > 0 } folder
                ? folder
                : throw new ArgumentException("--out is needed: the folder for the index."),
            Force = reader.IsSet(_options.Force),
        };
        if (reader.Find(_options.Normalize) is { } normalize)
        {
            job = job with { Normalization = SelectOptions.Normalizations.Parse(normalize) };
        }

        if (reader.Find(_options.Threads) is { } threads)
        {
            bool isCount =
                int.TryParse(threads.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0;
            job = isCount ? job with { ThreadCount = count } : throw threads.Expected("a whole number above 0");
        }

        return job;
    }

    private async Task<int> RunAsync(IndexJobOptions job, CancellationToken cancellationToken)
    {
        IndexSummary summary = await ProgressDisplay
            .For(_console)
            .RunAsync(progress => IndexJob.RunAsync(job, progress, cancellationToken))
            .ConfigureAwait(false);
        _console.Events?.Write("result", IndexResult.Of(summary, job.Output));
        if (_console.Events is null)
        {
            _console.Out.WriteLine(
                $"Indexed {Quantity.Of(summary.PoolRows, "candidate")} of dimension {summary.Dimension}: "
                    + $"{Quantity.Bytes(summary.IndexBytes)} "
                    + $"beside {Quantity.Bytes(summary.PoolBytes)} of embeddings, in "
                    + $"{Quantity.Duration(summary.Elapsed)}. Use it with --index {job.Output}."
            );
        }

        return ExitCode.Done;
    }
}
