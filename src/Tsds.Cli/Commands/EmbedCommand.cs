using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Cli.Progress;
using Tsds.Data.Embedding;
using Tsds.Jobs.Embed;
using Tsds.Jobs.Inputs;
using Tsds.Sources;
using Tsds.Sources.Push;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds embed</c>, which writes a vector for each row of a pool.</summary>
internal sealed class EmbedCommand(CliConsole terminal) : CommandDefinition(terminal)
{
    private readonly EmbedOptions _options = new();

    public override string Name => "embed";

    public override string Summary => "Write a vector for each row of a pool, to be used by many selections.";

    public override HelpPage Help =>
        new(
            "Writes a vector for each row of a pool into a folder, or updates such a folder. A run that was "
                + "stopped in any way resumes where it was.",
            "tsds embed --pool FILE... --out DIR [options]",
            _options.Sections,
            [
                "tsds embed --pool pool/ --out pool.vectors/",
                "tsds select --pool pool/ --pool-vectors pool.vectors/ --target targets.jsonl --budget 5% --out out/",
            ]
        );

    public override IReadOnlyList<Option> Options => _options.All;

    private EmbedJobOptions Bind(OptionReader reader)
    {
        IReadOnlyList<string> pool = reader.List(_options.Pool);
        EmbedJobOptions job = new()
        {
            Pool = pool.Count > 0 ? pool : throw new ArgumentException("--pool is needed: the rows to embed."),
            Output = reader.Find(_options.Out)?.Text is { Length: > 0 } folder
                ? folder
                : throw new ArgumentException("--out is needed: the folder of the vector store."),
            Force = reader.IsSet(_options.Force),
            Embedder = _options.Embedder.ReadEmbedder(reader) ?? new EmbedderOptions(),
            Template = reader.Find(_options.Template)?.Text,
            TextField = reader.Find(_options.TextField)?.Text,
            Schema = reader.Find(_options.Schema)?.Text,
        };
        if (reader.Find(_options.Store) is { } store)
        {
            job = job with { Store = EmbedOptions.Precisions.Parse(store) };
        }

        if (reader.Find(_options.OnBadRow) is { } onBadRow)
        {
            job = job with { OnBadRow = SelectOptions.BadRowPolicies.Parse(onBadRow) };
        }

        if (reader.Find(_options.CsvQuote) is { } csvQuote)
        {
            job = job with { CsvQuote = SelectOptions.CellQuoteWords.Parse(csvQuote) };
        }

        if (_options.Machine.ReadMemory(reader) is { } memory)
        {
            job = job with { MemoryLimit = memory };
        }

        return _options.Machine.ReadThreads(reader) is { } threads ? job with { ThreadCount = threads } : job;
    }

    protected override async Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken)
    {
        EmbedJobOptions job = Bind(reader);
        bool isDryRun = reader.IsSet(_options.DryRun);
        Terminal.CancelledSentence = "cancelled; the finished vectors stay, and the same command resumes after them.";
        if (job.MemoryLimit is { } memoryLimit && !isDryRun)
        {
            HeapLimit.Apply(memoryLimit);
        }

        using StandardInputFile? input = await StandardInputFile
            .CopyAsync(job.Pool, cancellationToken)
            .ConfigureAwait(false);
        job = job with { StandardInput = input?.Path };
        EmbedEstimate plan = EmbedJob.Plan(job);
        Terminal.Events?.Write("plan", plan);
        if (Terminal.Events is null)
        {
            (isDryRun ? Terminal.Out : Terminal.Error).Write(EstimateText.Render(plan));
        }

        if (!isDryRun)
        {
            Terminal.ConfirmSending(job.Embedder, reader.IsSet(_options.Embedder.Yes));
        }

        return isDryRun
            ? ExitCode.Done
            : await EmbedAsync(job, SourcesOf(reader), cancellationToken).ConfigureAwait(false);
    }

    private async Task<int> EmbedAsync(EmbedJobOptions job, SourceOptions? sources, CancellationToken cancellationToken)
    {
        string output = job.Output;
        using FolderPush? push = await OpenOutputAsync(sources, output, job.Force, goesOn: true, cancellationToken)
            .ConfigureAwait(false);
        job = job with { Output = push?.Folder ?? output };
        EmbedSummary summary = await ProgressDisplay
            .For(Terminal)
            .RunAsync(progress => EmbedJob.RunAsync(job, progress, cancellationToken))
            .ConfigureAwait(false);
        if (push is not null)
        {
            await push.SendAsync(EmbedJob.FilesOf(push.Folder), [], cancellationToken).ConfigureAwait(false);
        }

        Terminal.Events?.Write("result", EmbedResult.Of(summary, output));
        if (Terminal.Events is null)
        {
            string skipped = summary.SkippedRows > 0 ? $"; {Quantity.Of(summary.SkippedRows, "bad row")} skipped" : "";
            string known =
                summary.EmbeddedRows < summary.Rows
                    ? $", {Quantity.Count(summary.Rows - summary.EmbeddedRows)} known already"
                    : "";
            double rate = summary.EmbeddedRows / Math.Max(summary.Elapsed.TotalSeconds, 1e-3);
            Terminal.Out.WriteLine(
                $"Embedded {Quantity.Of(summary.EmbeddedRows, "row")}{known}{skipped}: "
                    + $"{Quantity.Of(summary.Rows, "vector")} of dimension {summary.Dimension}, "
                    + $"{Quantity.Bytes(summary.StoreBytes)}, in {Quantity.Duration(summary.Elapsed)} "
                    + $"({Quantity.Count(rate)} rows/s), "
                    + $"peak memory {Quantity.Bytes(summary.PeakMemoryBytes)}. Use them with --pool-vectors "
                    + $"{output}."
            );
        }

        return ExitCode.Done;
    }
}
