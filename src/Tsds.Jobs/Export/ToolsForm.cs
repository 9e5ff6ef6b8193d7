namespace Tsds.Jobs.Export;

/// <summary>The forms in which a trainer reads the list of tools; several forms may be taken.</summary>
[Flags]
internal enum ToolsForm
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>As JSON in a string.</summary>
    Text = 1,

    /// <summary>As a list.</summary>
    List = 2,
}
