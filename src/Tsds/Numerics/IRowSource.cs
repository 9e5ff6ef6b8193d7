namespace Tsds.Numerics;

/// <summary>A source of rows that a scan streams over, checked and normalized as they are read.</summary>
internal interface IRowSource
{
    /// <summary>
    /// The rows to read at once where each is then worked on: so few that they are still in the first-level cache.
    /// </summary>
    const int RowsAtOnce = 8;

    long Count { get; }

    int Dimension { get; }

    /// <summary>Gets views of these rows that were written before, or null.</summary>
    IQuantizedRows? Quantized => null;

    /// <summary>Gets the view with the costs that squared distances are raised by, or null for none.</summary>
    PoolView? Costs => null;

    /// <summary>Reads consecutive rows. May be called from several threads.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="rows">Shape [rowCount, stride].</param>
    /// <param name="stride">Elements from one row to the next, at least <see cref="Dimension"/>.</param>
    /// <exception cref="InvalidDataException">A row is not usable.</exception>
    void ReadRows(long first, int rowCount, Span<float> rows, int stride);
}
