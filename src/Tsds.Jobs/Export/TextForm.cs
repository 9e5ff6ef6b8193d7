namespace Tsds.Jobs.Export;

/// <summary>The form in which a trainer reads text that is no conversation.</summary>
internal enum TextForm
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>In the column <c>text</c>.</summary>
    Column,

    /// <summary>As the one turn of an assistant.</summary>
    Answer,
}
