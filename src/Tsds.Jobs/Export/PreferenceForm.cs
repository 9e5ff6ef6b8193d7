namespace Tsds.Jobs.Export;

/// <summary>The form in which a trainer reads a question with a better and a worse answer.</summary>
internal enum PreferenceForm
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary><c>prompt</c>, <c>chosen</c> and <c>rejected</c>: strings, or lists of turns.</summary>
    Columns,

    /// <summary><c>messages</c> with the question, and <c>chosen</c> and <c>rejected</c> with one turn each.</summary>
    Turns,

    /// <summary><c>chosen</c> and <c>rejected</c>, each a whole conversation.</summary>
    Conversations,

    /// <summary>
    /// <c>messages</c> with the better answer, and <c>rejected_response</c> with the text of the worse.
    /// </summary>
    Response,

    /// <summary><c>input</c>, <c>preferred_output</c> and <c>non_preferred_output</c>.</summary>
    Outputs,
}
