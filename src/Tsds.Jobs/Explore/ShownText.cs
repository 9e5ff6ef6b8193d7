using System.Text.Json;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Explore;

/// <summary>Represents a page of a row's text.</summary>
/// <param name="Turns">The turns on the page.</param>
/// <param name="Start">The character that the page starts at.</param>
/// <param name="Next">The character that the next page starts at, or null.</param>
/// <param name="Characters">The characters of all turns.</param>
internal sealed record ShownText(IReadOnlyList<ShownTurn> Turns, int Start, int? Next, int Characters)
{
    /// <summary>The most characters of a page.</summary>
    public const int MostCharacters = 65_536;

    private const int MostFields = 64;
    private const int LongestField = 200;

    /// <summary>Reads a page of a row.</summary>
    /// <param name="options">How rows are read.</param>
    /// <param name="utf8">The row.</param>
    /// <param name="text">The row's text, for a row that is no conversation.</param>
    /// <param name="start">The character that the page starts at.</param>
    public static ShownText Read(RowReaderOptions options, byte[] utf8, string text, int start)
    {
        IReadOnlyList<ShownTurn> turns = TurnsOf(options, utf8) ?? [new ShownTurn("text", text)];
        List<ShownTurn> page = [];
        int at = 0;
        int left = MostCharacters;
        foreach (ShownTurn turn in turns)
        {
            int skipped = Math.Clamp(start - at, 0, turn.Text.Length);
            at += turn.Text.Length;
            if (left > 0 && (skipped < turn.Text.Length || (turn.Text.Length == 0 && at >= start)))
            {
                string shown = RowTexts.Cut(turn.Text[skipped..], left);
                page.Add(turn with { Text = shown });
                left -= Math.Max(shown.Length, 1);
            }
        }

        int end = start + page.Sum(turn => turn.Text.Length);
        return new ShownText(page, start, end < at && page.Count > 0 ? end : null, at);
    }

    /// <summary>Reads the fields of a row that are neither lists nor objects.</summary>
    /// <param name="utf8">The row.</param>
    public static IReadOnlyList<ShownField> FieldsOf(byte[] utf8)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8);
            return document.RootElement.ValueKind != JsonValueKind.Object
                ? []
                :
                [
                    .. document
                        .RootElement.EnumerateObject()
                        .Where(property =>
                            property.Value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)
                        )
                        .Take(MostFields)
                        .Select(property => new ShownField(
                            RowTexts.Cut(property.Name, LongestField),
                            RowTexts.Cut(property.Value.ToString(), LongestField)
                        )),
                ];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static IReadOnlyList<ShownTurn>? TurnsOf(RowReaderOptions options, byte[] utf8)
    {
        RowParser parser = new(options);
        if (
            !parser.TryScan(utf8)
            || !parser.TryFindSchema(utf8, out RowSchema schema, out string list)
            || schema is RowSchema.TextField or RowSchema.Text or RowSchema.Pretokenized
        )
        {
            return null;
        }

        using JsonDocument document = JsonDocument.Parse(utf8);
        Conversation conversation = ConversationReader.Read(document.RootElement, schema, list);
        return conversation.Problem is not null
            ? null
            :
            [
                .. conversation.Turns.Select(turn => new ShownTurn(turn.RoleName, WordsOf(turn))),
                .. conversation.Rejected.Select(turn => new ShownTurn($"{turn.RoleName} (rejected)", WordsOf(turn))),
            ];
    }

    private static string WordsOf(ConversationTurn turn) =>
        turn.Text is { Length: > 0 } text
            ? text
            : string.Join('\n', turn.Calls.Select(call => $"{call.Name}({call.Arguments})"));
}
