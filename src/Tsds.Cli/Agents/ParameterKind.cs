namespace Tsds.Cli.Agents;

/// <summary>The kinds of values of a parameter.</summary>
internal enum ParameterKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A number, or a word that stands for one.</summary>
    Number,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>The path of a file or folder.</summary>
    Path,

    /// <summary>The paths of files and folders.</summary>
    Paths,

    /// <summary>The path of a selection, whose manifest names more files.</summary>
    Selection,
}
