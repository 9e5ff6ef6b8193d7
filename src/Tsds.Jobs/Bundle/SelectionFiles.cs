namespace Tsds.Jobs.Bundle;

/// <summary>The files that a selection may consist of.</summary>
internal static class SelectionFiles
{
    /// <summary>The file that says that a folder holds a whole selection.</summary>
    public const string Manifest = "manifest.json";

    /// <summary>Gets their names, the manifest last.</summary>
    public static string[] Names { get; } =
    [
        "selected.jsonl",
        "selected.npy",
        "lineage.jsonl",
        "targets.jsonl",
        DuplicateFile.Name,
        "excluded.jsonl",
        "path.csv",
        TuningFile.Name,
        ReportFile.Name,
        Manifest,
    ];
}
