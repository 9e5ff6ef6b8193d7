using System.CommandLine;
using System.Globalization;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Cli.Progress;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Explain;
using Tsds.Sources.Push;

namespace Tsds.Cli.Commands;

/// <summary>
/// The command <c>tsds explain</c>, which explains why a row was chosen or not, and how well a target is served.
/// </summary>
internal sealed class ExplainCommand(CliConsole terminal) : CommandDefinition(terminal)
{
    private const string RowPrefix = "row:";
    private const string TargetPrefix = "target:";
    private const string IdPrefix = "id:";

    private readonly RecordedOptions _options = new();
    private readonly Argument<string> _subject = new("ROW|TARGET")
    {
        Description = "row:17, target:3, or id:NAME; a number alone is a row, any other word an id.",
    };

    public override string Name => "explain";

    public override string Summary => "Explain why a row was chosen or was not, or how a target is served.";

    public override HelpPage Help =>
        new(
            "Says why a row was chosen or was not (targets, distances, ranks, copies, probability), or how a "
                + "target is served.",
            "tsds explain OUT row:N|target:N|id:NAME [options]",
            [new HelpSection("Options", [.. _options.All.Select(SelectOptions.Row)])],
            ["tsds explain out/ row:17", "tsds explain out/ target:3", "tsds explain out/ id:ticket-4711 --json"]
        );

    public override IReadOnlyList<Argument> Arguments => [_options.Selection, _subject];

    public override IReadOnlyList<Option> Options => _options.All;

    protected override async Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken)
    {
        using FolderPull? fetched = _options.Fetch(reader);
        SelectionManifest manifest = _options.ReadManifest(reader, fetched);
        RepeatOptions repeat = _options.ReadRepeat(reader);
        (long? row, int? target) = Find(manifest, reader.Required(_subject), repeat, cancellationToken);
        if (target is { } number)
        {
            TargetExplanation served = ExplanationJob.ExplainTarget(manifest, number);
            Write(served, ExplanationText.Render(served));
            return ExitCode.Done;
        }

        RowExplanation explanation = await ProgressDisplay
            .For(Terminal)
            .RunAsync(progress =>
                ExplanationJob.ExplainRowAsync(manifest, row!.Value, repeat, progress, cancellationToken)
            )
            .ConfigureAwait(false);
        Write(explanation, ExplanationText.Render(explanation));
        return ExitCode.Done;
    }

    private void Write(object explanation, string text)
    {
        Terminal.Events?.Write("result", explanation);
        if (Terminal.Events is null)
        {
            Terminal.Out.Write(text);
        }
    }

    private static (long? Row, int? Target) Find(
        SelectionManifest manifest,
        string subject,
        RepeatOptions repeat,
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
        (long? row, int? target) = IdLookup.Find(manifest, id);
        if (target is null)
        {
            // The pool knows of other rows with the same id, and of rows that are not in the files.
            row = IdLookup.FindInPool(manifest, id, repeat, cancellationToken) ?? row;
        }

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
