using System.Text;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>The text of a turn where a trainer has no other place for what stands beside it.</summary>
internal static class TurnText
{
    /// <summary>Returns the text with a placeholder for each part that is not text.</summary>
    /// <param name="turn">The turn.</param>
    /// <returns>The text, or null where the turn has none.</returns>
    public static string? WithPlaceholders(ConversationTurn turn)
    {
        if (turn.Media.Count == 0)
        {
            return turn.Text;
        }

        StringBuilder text = new(turn.Text);
        foreach ((int position, MediaPart part) in turn.Media.Reverse())
        {
            text.Insert(position, MediaPart.PlaceholderOf(part.Kind));
        }

        return text.ToString();
    }

    /// <summary>Returns the text after the reasoning, as reasoning models write it themselves.</summary>
    /// <param name="turn">The turn.</param>
    /// <returns>The text, or null where the turn has none.</returns>
    public static string? WithReasoning(ConversationTurn turn) =>
        turn.Reasoning is null
            ? WithPlaceholders(turn)
            : $"<think>\n{turn.Reasoning}\n</think>\n\n{WithPlaceholders(turn)}";
}
