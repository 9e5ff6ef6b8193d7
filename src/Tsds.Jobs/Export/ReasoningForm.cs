namespace Tsds.Jobs.Export;

/// <summary>The form in which a trainer reads the reasoning of the assistant.</summary>
internal enum ReasoningForm
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As the key <c>reasoning_content</c> of the turn, which chat templates read.</summary>
    Key,

    /// <summary>At the beginning of the answer, between &lt;think&gt; and &lt;/think&gt;.</summary>
    Tags,
}
