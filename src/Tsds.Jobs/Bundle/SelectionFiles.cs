namespace Tsds.Jobs.Bundle;

/// <summary>The files that a selection may consist of.</summary>
internal static class SelectionFiles
{
    /// <summary>The file that says that a folder holds a whole selection.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>The rows that were selected.</summary>
    public const string Selected = "selected.jsonl";

    /// <summary>The page that shows the selection.</summary>
    public const string Report = "report.html";

    /// <summary>Gets their names, the manifest last.</summary>
    public static string[] Names { get; } =
    [
        Selected,
        "selected.npy",
        LineageFile.Lineage,
        LineageFile.Targets,
        LineageFile.Groups,
        LineageFile.Excluded,
        "path.csv",
        TuningFile.Name,
        Report,
        Manifest,
    ];
}
