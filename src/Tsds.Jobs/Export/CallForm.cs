namespace Tsds.Jobs.Export;

/// <summary>The forms in which a trainer reads calls of tools; several forms may be taken.</summary>
[Flags]
internal enum CallForm
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>As <c>tool_calls</c> of the assistant's turn.</summary>
    Field = 1,

    /// <summary>As a turn of its own whose text is the call.</summary>
    Turn = 2,
}
