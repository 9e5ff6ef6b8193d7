using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>The settings of an export.</summary>
internal sealed record ExportJobOptions
{
    /// <summary>
    /// Gets the output folder of a selection from rows: <c>selected.jsonl</c> and <c>manifest.json</c>.
    /// </summary>
    public required string Selection { get; init; }

    /// <summary>Gets the trainer.</summary>
    public required Trainer Trainer { get; init; }

    /// <summary>
    /// Gets the folder for the files; for LLaMA-Factory its <c>dataset_dir</c>, whose <c>dataset_info.json</c> is added
    /// to.
    /// </summary>
    public required string Output { get; init; }

    /// <summary>
    /// Gets the name of the folder in what the trainer is told, where it goes elsewhere after the job; null for its
    /// path.
    /// </summary>
    public string? OutputName { get; init; }

    /// <summary>Gets the name of the dataset: of the file, and of its entry for LLaMA-Factory.</summary>
    public string Name { get; init; } = "selected";

    /// <summary>Gets the file format of the rows. <see cref="Trainer.HuggingFace"/> always gets Parquet.</summary>
    public ExportFormat Format { get; init; }

    /// <summary>Gets the size at which a Parquet file ends, in bytes of JSON.</summary>
    /// <value>Positive. The default is 500 MB.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public long MaxShardBytes
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaxShardBytes));
            field = value;
        }
    } = 500_000_000;

    /// <summary>Gets the handling of rows that the trainer could not use.</summary>
    public BadRowPolicy OnBadRow { get; init; }

    /// <summary>
    /// Gets the address of the dataset on the hub that the files are for, which then has a card that says where its
    /// rows are from, and Croissant metadata; or null.
    /// </summary>
    /// <value>For <see cref="Trainer.HuggingFace"/> alone. The default is null.</value>
    public string? Dataset { get; init; }

    /// <summary>Gets a value indicating whether files of an earlier export are replaced.</summary>
    public bool Force { get; init; }
}
