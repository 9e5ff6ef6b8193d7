namespace Tsds.Data.Containers;

/// <summary>The format of a file of rows, once it is decompressed.</summary>
internal enum RowFormat
{
    /// <summary>JSON lines: one JSON object per line.</summary>
    JsonLines,

    /// <summary>One JSON array of objects, or objects one after the other.</summary>
    Json,

    /// <summary>Cells separated by commas, under a header.</summary>
    Csv,

    /// <summary>Cells separated by tabs, under a header.</summary>
    Tsv,

    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>Arrow IPC with a footer: the file format, also known as Feather version 2.</summary>
    ArrowFile,

    /// <summary>
    /// Arrow IPC without a footer: the streaming format, in which Hugging Face's save_to_disk writes.
    /// </summary>
    ArrowStream,
}
