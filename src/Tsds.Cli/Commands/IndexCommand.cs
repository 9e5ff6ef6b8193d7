using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Cli.Progress;
using Tsds.Jobs.Index;
using Tsds.Sources.Push;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds index</c>, which writes an index for later selections from the same vectors.</summary>
internal sealed class IndexCommand(CliConsole terminal) : CommandDefinition(terminal)
{
    private readonly IndexOptions _options = new();

    public override string Name => "index";

    public override string Summary => "Write an index of a pool, so that selections from it are faster.";

    public override HelpPage Help =>
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

    public override IReadOnlyList<Option> Options => _options.All;

    private IndexJobOptions Bind(OptionReader reader)
    {
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

        return _options.Machine.ReadThreads(reader) is { } threads ? job with { ThreadCount = threads } : job;
    }

    protected override async Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken)
    {
        IndexJobOptions job = Bind(reader);
        if (FolderPush.IsAddress(job.Output))
        {
            throw new ArgumentException(
                $"--out: expected a folder on disk, where selections map the index, found '{job.Output}'."
            );
        }

        IndexSummary summary = await ProgressDisplay
            .For(Terminal)
            .RunAsync(progress => IndexJob.RunAsync(job, progress, cancellationToken))
            .ConfigureAwait(false);
        Terminal.Events?.Write("result", IndexResult.Of(summary, job.Output));
        if (Terminal.Events is null)
        {
            Terminal.Out.WriteLine(
                $"Indexed {Quantity.Of(summary.PoolRows, "candidate")} of dimension {summary.Dimension}: "
                    + $"{Quantity.Bytes(summary.IndexBytes)} "
                    + $"beside {Quantity.Bytes(summary.PoolBytes)} of embeddings, in "
                    + $"{Quantity.Duration(summary.Elapsed)}. Use it with --index {job.Output}."
            );
        }

        return ExitCode.Done;
    }
}
