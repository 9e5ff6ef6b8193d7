namespace Tsds.Numerics;

/// <summary>Rows of embeddings that a scan streams over, checked and normalized while they are read.</summary>
internal interface IRowSource
{
    long Count { get; }

    int Dimension { get; }

    /// <summary>Gets views of these rows that were written before, or null.</summary>
    IQuantizedRows? Quantized => null;

    /// <summary>Gets what a row's squared distances are raised by, or null for nothing.</summary>
    PoolView? Costs => null;

    /// <summary>Reads consecutive rows. Safe to call from several threads.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="rows">Shape [rowCount, stride].</param>
    /// <param name="stride">Elements from one row to the next, at least <see cref="Dimension"/>.</param>
    /// <exception cref="InvalidDataException">A row is not usable.</exception>
    void ReadRows(long first, int rowCount, Span<float> rows, int stride);
}
