namespace Tsds.Jobs.Export;

/// <summary>The file format of exported rows.</summary>
internal enum ExportFormat
{
    /// <summary>JSON lines; rows are copied byte for byte if the trainer reads their schema.</summary>
    Jsonl,

    /// <summary>Parquet files of one schema.</summary>
    Parquet,
}
