using Apache.Arrow;

namespace Tsds.Data.Containers;

/// <summary>The record batches of one file, one after the other.</summary>
internal interface IRecordBatches : IDisposable
{
    /// <summary>
    /// Gets the reason why a file could not be read on, where its source failed, not its content; else null.
    /// </summary>
    Exception? Failure => null;

    /// <summary>Gets the name of the format, for messages.</summary>
    string Kind { get; }

    /// <summary>Gets about how many bytes of the file have been used so far.</summary>
    long BytesRead { get; }

    /// <summary>Reads the next batch; the first call opens the file.</summary>
    /// <returns>The batch, which is then the caller's; null after the last.</returns>
    RecordBatch? Read();
}
