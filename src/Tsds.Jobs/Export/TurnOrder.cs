namespace Tsds.Jobs.Export;

/// <summary>The order of turns that a trainer reads.</summary>
internal enum TurnOrder
{
    /// <summary>Any: the model's chat template decides.</summary>
    Any,

    /// <summary>
    /// After one system turn at most, a user or a tool and the assistant in turn, ending with the assistant.
    /// </summary>
    Alternating,

    /// <summary>
    /// System first; the assistant after a user only; no two users in a row.
    /// </summary>
    UserFirst,

    /// <summary>
    /// System first; rounds of users or tools and assistants, where neighbours of one role are joined; tools after the
    /// assistant, users not after a tool; ending with the assistant.
    /// </summary>
    Rounds,

    /// <summary>A tool's turn after the assistant that called it; ending with the assistant.</summary>
    AnswerLast,
}
