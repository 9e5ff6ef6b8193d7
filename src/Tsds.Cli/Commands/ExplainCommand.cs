using System.CommandLine;
using System.Globalization;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Cli.Progress;
using Tsds.Jobs.Explain;

namespace Tsds.Cli.Commands;

/// <summary>
/// The command <c>tsds explain</c>, which explains why a row was chosen or not, and how well a target is served.
/// </summary>
internal sealed class ExplainCommand
{
    private const string RowPrefix = "row:";
    private const string TargetPrefix = "target:";
    private const string IdPrefix = "id:";

    private readonly CliConsole _console;
    private readonly RecordedOptions _options = new();
    private readonly Argument<string> _subject = new("ROW|TARGET")
    {
        Description = "row:17, target:3, or id:NAME; a number alone is a row, any other word an id.",
    };

    public ExplainCommand(CliConsole console)
    {
        _console = console;
    }

    public HelpPage Help =>
        new(
            "Says why a row was chosen or was not (targets, distances, ranks, copies, probability), or how a "
                + "target is served.",
            "tsds explain OUT row:N|target:N|id:NAME [options]",
            [new HelpSection("Options", [.. _options.All.Select(SelectOptions.Row)])],
            ["tsds explain out/ row:17", "tsds explain out/ target:3", "tsds explain out/ id:ticket-4711 --json"]
        );

    public Command Create()
    {
        Command command = new("explain", "Explain why a row was chosen or was not, or how a target is served.");
        _options.AddTo(command);
        command.Add(_subject);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        using RecordedSelection recorded = _options.Read(parse);
        (long? row, int? target) = Find(recorded, parse.GetRequiredValue(_subject), cancellationToken);
        if (target is { } number)
        {
            TargetExplanation served = ExplanationJob.ExplainTarget(recorded.Manifest, number);
            Write(served, ExplanationText.Render(served));
            return ExitCode.Done;
        }

        RowExplanation explanation = await ProgressDisplay
            .For(_console)
            .RunAsync(progress =>
                ExplanationJob.ExplainRowAsync(recorded.Manifest, recorded.Job, row!.Value, progress, cancellationToken)
            )
            .ConfigureAwait(false);
        Write(explanation, ExplanationText.Render(explanation));
        return ExitCode.Done;
    }

    private void Write(object explanation, string text)
    {
        _console.Events?.Write("result", explanation);
        if (_console.Events is null)
        {
            _console.Out.Write(text);
        }
    }

    private static (long? Row, int? Target) Find(
        RecordedSelection recorded,
        string subject,
        CancellationToken cancellationToken
    )
    {
        if (subject.StartsWith(TargetPrefix, StringComparison.Ordinal))
        {
            return (null, checked((int)Number(subject[TargetPrefix.Length..], subject, int.MaxValue)));
        }

        if (subject.StartsWith(RowPrefix, StringComparison.Ordinal))
        {
            return (Number(subject[RowPrefix.Length..], subject, long.MaxValue), null);
        }

        if (!subject.StartsWith(IdPrefix, StringComparison.Ordinal) && subject.All(char.IsAsciiDigit))
        {
            return (Number(subject, subject, long.MaxValue), null);
        }

        string id = subject.StartsWith(IdPrefix, StringComparison.Ordinal) ? subject[IdPrefix.Length..] : subject;
        (long? row, int? target) = ExplanationJob.Find(recorded.Manifest, id);
        row ??= target is null ? ExplanationJob.FindInPool(recorded.Job, id, cancellationToken) : null;
        return row is null && target is null
            ? throw new ArgumentException(
                $"Expected the id of a row or a target, found '{SafeText.Shorten(id, 80)}', which none has."
            )
            : (row, target);
    }

    private static long Number(string text, string subject, long most) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= most
            ? number
            : throw new ArgumentException(
                $"Expected row:N, target:N or id:NAME, found '{SafeText.Shorten(subject, 80)}'."
            );
}
