namespace Tsds.Data.Containers;

/// <summary>
/// Reads the records of one file from its container. A record is a row that has not been checked yet.
/// </summary>
internal interface IRecordReader : IDisposable
{
    /// <summary>Gets the word for a record in messages: a line, or a row.</summary>
    string Unit { get; }

    /// <summary>Gets the number of the record read last, from 1; 0 before the first.</summary>
    long Number { get; }

    /// <summary>Gets about how many bytes of the file have been used so far, for progress.</summary>
    long BytesRead { get; }

    /// <summary>Reads the next record.</summary>
    /// <param name="record">The record as JSON on one line; valid until the next call. Empty when there is a
    /// problem.</param>
    /// <param name="problem">What was expected and found when the record cannot be a row but those after it can be
    /// read; else null.</param>
    /// <returns>False after the last record.</returns>
    /// <exception cref="InvalidDataException">The file is damaged; the message names it.</exception>
    bool TryRead(out ReadOnlyMemory<byte> record, out string? problem);
}
