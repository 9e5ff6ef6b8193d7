namespace Tsds.Data.Rows;

/// <summary>The known schemas of rows, in order of priority: a row that fits several counts as the first.</summary>
internal enum RowSchema
{
    /// <summary>The field that the user named.</summary>
    TextField,

    /// <summary><c>messages</c>: a list of role and content.</summary>
    ChatMl,

    /// <summary><c>conversations</c>: a list of from and value.</summary>
    ShareGpt,

    /// <summary><c>chosen</c> and <c>rejected</c>, usually with <c>prompt</c>.</summary>
    Preference,

    /// <summary><c>instruction</c> and <c>output</c>.</summary>
    Alpaca,

    /// <summary><c>prompt</c> and <c>completion</c>.</summary>
    PromptCompletion,

    /// <summary><c>query</c> and <c>response</c>.</summary>
    QueryResponse,

    /// <summary><c>text</c>.</summary>
    Text,

    /// <summary><c>input_ids</c> and no text; of use only with ready-made embeddings.</summary>
    Pretokenized,
}
