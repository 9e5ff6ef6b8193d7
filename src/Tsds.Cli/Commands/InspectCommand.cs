using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Cli.Progress;
using Tsds.Jobs.Inspect;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds inspect</c>, which describes files of rows.</summary>
internal sealed class InspectCommand
{
    private readonly CliConsole _console;
    private readonly InspectOptions _options = new();

    public InspectCommand(CliConsole console)
    {
        _console = console;
    }

    public HelpPage Help =>
        new(
            "Says what is in files of rows: container, schema, rows, tokens, empty fields, bad rows, exact "
                + "duplicates, scripts, and what a "
                + "selection from them would take. Reads them once and writes nothing.",
            "tsds inspect PATH... [options]",
            [new HelpSection("Options", [.. _options.All.Select(SelectOptions.Row)])],
            ["tsds inspect pool/ targets.jsonl", "zcat rows.jsonl.gz | tsds inspect - --json"]
        );

    public Command Create()
    {
        Command command = new(
            "inspect",
            "Describe files of rows: schema, tokens, bad rows, duplicates, what a selection takes."
        )
        {
            _options.Paths,
        };
        foreach (Option option in _options.All)
        {
            command.Add(option);
        }

        command.SetAction((parse, cancellationToken) => RunAsync(Bind(parse), cancellationToken));
        return command;
    }

    private InspectJobOptions Bind(ParseResult parse)
    {
        OptionReader reader = new(parse, new Dictionary<string, OptionValue>());
        if (reader.IsSet(_options.Json))
        {
            _console.UseJson();
        }

        return new InspectJobOptions
        {
            Paths = parse.GetValue(_options.Paths) ?? [],
            TextField = reader.Find(_options.TextField)?.Text,
            Schema = reader.Find(_options.Schema)?.Text,
        };
    }

    private async Task<int> RunAsync(InspectJobOptions job, CancellationToken cancellationToken)
    {
        using StandardInputFile? input = await StandardInputFile
            .CopyAsync(job.Paths, cancellationToken)
            .ConfigureAwait(false);
        job = job with { StandardInput = input?.Path };
        InspectReport report = await ProgressDisplay
            .For(_console)
            .RunAsync(progress => InspectJob.RunAsync(job, progress, cancellationToken))
            .ConfigureAwait(false);
        if (_console.Events is { } events)
        {
            foreach (InspectedFile file in report.Files)
            {
                events.Write("file", FileEvent.Of(file));
            }

            events.Write("result", InspectResult.Of(report));
        }
        else
        {
            _console.Out.Write(InspectText.Render(report));
        }

        return report.Files.All(file => file.Problem is null) ? ExitCode.Done : ExitCode.Failed;
    }
}
