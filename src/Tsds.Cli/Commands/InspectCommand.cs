using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Cli.Progress;
using Tsds.Jobs.Inspect;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds inspect</c>, which describes files of rows.</summary>
internal sealed class InspectCommand(CliConsole terminal) : CommandDefinition(terminal)
{
    private readonly InspectOptions _options = new();

    public override string Name => "inspect";

    public override string Summary =>
        "Describe files of rows: schema, tokens, bad rows, duplicates, what a selection takes.";

    public override HelpPage Help =>
        new(
            "Says what is in files of rows: container, schema, rows, tokens, empty fields, bad rows, exact "
                + "duplicates, scripts, and what a "
                + "selection from them would take. Reads them once and writes nothing.",
            "tsds inspect PATH... [options]",
            [new HelpSection("Options", [.. _options.All.Select(SelectOptions.Row)])],
            ["tsds inspect pool/ targets.jsonl", "zcat rows.jsonl.gz | tsds inspect - --json"]
        );

    public override IReadOnlyList<Argument> Arguments => [_options.Paths];

    public override IReadOnlyList<Option> Options => _options.All;

    private InspectJobOptions Bind(OptionReader reader)
    {
        InspectJobOptions job = new()
        {
            Paths = reader.Value(_options.Paths) ?? [],
            TextField = reader.Find(_options.TextField)?.Text,
            Schema = reader.Find(_options.Schema)?.Text,
        };
        return reader.Find(_options.CsvQuote) is { } quotes
            ? job with
            {
                CsvQuote = SelectOptions.CellQuoteWords.Parse(quotes),
            }
            : job;
    }

    protected override async Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken)
    {
        InspectJobOptions job = Bind(reader);
        using StandardInputFile? input = await StandardInputFile
            .CopyAsync(job.Paths, cancellationToken)
            .ConfigureAwait(false);
        job = job with { StandardInput = input?.Path };
        InspectReport report = await ProgressDisplay
            .For(Terminal)
            .RunAsync(progress => InspectJob.RunAsync(job, progress, cancellationToken))
            .ConfigureAwait(false);
        if (Terminal.Events is { } events)
        {
            foreach (InspectedFile file in report.Files)
            {
                events.Write("file", FileEvent.Of(file));
            }

            events.Write("result", InspectResult.Of(report));
        }
        else
        {
            Terminal.Out.Write(InspectText.Render(report));
        }

        return report.Files.All(file => file.Problem is null) ? ExitCode.Done : ExitCode.Failed;
    }
}
