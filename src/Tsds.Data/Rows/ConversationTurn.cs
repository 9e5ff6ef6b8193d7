namespace Tsds.Data.Rows;

/// <summary>One turn of a conversation, whatever names its row gives to the parts.</summary>
internal sealed record ConversationTurn
{
    /// <summary>Gets the role of the speaker.</summary>
    public required TurnRole Role { get; init; }

    /// <summary>Gets the role as the row writes it; the role's usual name where the row has a column for it.</summary>
    public required string RoleName { get; init; }

    /// <summary>Gets the place of the turn in its row, for messages, such as <c>messages[2]</c>.</summary>
    public required string Place { get; init; }

    /// <summary>Gets the text, parts of text joined; null where the row has null or no content.</summary>
    public string? Text { get; init; }

    /// <summary>Gets a value indicating whether the content is a list of parts.</summary>
    public bool HasParts { get; init; }

    /// <summary>Gets the parts that are not text, with the position in <see cref="Text"/> where each stands.</summary>
    public IReadOnlyList<(int Position, MediaPart Part)> Media { get; init; } = [];

    /// <summary>Gets the calls of tools.</summary>
    public IReadOnlyList<ToolCall> Calls { get; init; } = [];

    /// <summary>Gets the call that a tool's turn answers, or null.</summary>
    public string? CallId { get; init; }

    /// <summary>Gets the name of the speaker or of the tool, or null.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the reasoning of the assistant before its answer, or null.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Gets whether the row wants the turn trained on; null where it does not say.</summary>
    public bool? IsTrained { get; init; }

    /// <summary>Gets a value indicating whether the turn says or calls anything.</summary>
    public bool HasContent => Calls.Count > 0 || Media.Count > 0 || !string.IsNullOrWhiteSpace(Text);
}
