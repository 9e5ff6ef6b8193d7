namespace Tsds.Jobs.Export;

/// <summary>How exported rows are written.</summary>
public enum ExportFormat
{
    /// <summary>JSON lines: the rows byte for byte where the trainer reads them as they are.</summary>
    Jsonl,

    /// <summary>Parquet files of one schema.</summary>
    Parquet,
}
