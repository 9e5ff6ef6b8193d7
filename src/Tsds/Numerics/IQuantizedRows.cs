namespace Tsds.Numerics;

/// <summary>Rows that were stored as int8, each with a scale: x = s·x̂ up to an error of known length.</summary>
internal interface IQuantizedRows
{
    /// <summary>Gets the largest error of a row relative to its norm.</summary>
    double LargestRelativeError { get; }

    /// <summary>Reads x̂ of consecutive rows.</summary>
    /// <exception cref="InvalidDataException">A row is not what was written.</exception>
    void Read(long first, int rowCount, Span<QuantizedRow> rows, out ReadOnlySpan<sbyte> elements);
}
