namespace Tsds.Jobs.Export;

/// <summary>The form in which a row is written.</summary>
internal enum ExportForm
{
    /// <summary>The row itself, byte for byte.</summary>
    AsIs,

    /// <summary><c>messages</c> with role and content.</summary>
    Messages,

    /// <summary><c>prompt</c> and <c>completion</c>.</summary>
    PromptCompletion,

    /// <summary>A question with a better and a worse answer, as <see cref="PreferenceForm"/> has it.</summary>
    Preference,

    /// <summary><c>text</c>.</summary>
    Text,

    /// <summary><c>input_ids</c>, <c>attention_mask</c> and <c>labels</c>.</summary>
    Tokens,
}
