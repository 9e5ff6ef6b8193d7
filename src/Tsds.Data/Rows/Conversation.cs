using System.Text.Json;

namespace Tsds.Data.Rows;

/// <summary>The content of a row, whatever its schema: turns, tools and media under one set of names.</summary>
internal sealed record Conversation
{
    /// <summary>Gets the turns in their order; of a preference the question and the better answer.</summary>
    public IReadOnlyList<ConversationTurn> Turns { get; init; } = [];

    /// <summary>
    /// Gets how many of the turns are the question, where the row tells it from the answer; else all.
    /// </summary>
    public int QuestionTurns { get; init; }

    /// <summary>Gets, for a preference, the turns of the worse answer; else none.</summary>
    public IReadOnlyList<ConversationTurn> Rejected { get; init; } = [];

    /// <summary>Gets the list of tools, or null.</summary>
    public JsonElement? Tools { get; init; }

    /// <summary>Gets a value indicating whether the first turn comes from a column of its own.</summary>
    public bool HasSystemColumn { get; init; }

    /// <summary>Gets the media that columns of the row list, in the order of the columns.</summary>
    public IReadOnlyList<MediaPart> Media { get; init; } = [];

    /// <summary>Gets the reason for which the row cannot be understood, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>Gets all turns: question, better answer and worse answer.</summary>
    public IEnumerable<ConversationTurn> AllTurns => Turns.Concat(Rejected);
}
