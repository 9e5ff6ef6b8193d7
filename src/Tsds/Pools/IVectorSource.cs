namespace Tsds.Pools;

/// <summary>Where a pool's embeddings lie: raw rows, and their names for messages.</summary>
internal interface IVectorSource : IDisposable
{
    long Count { get; }

    int Dimension { get; }

    /// <summary>Reads consecutive rows as they are.</summary>
    void ReadRows(long first, int rowCount, Span<float> rows, int stride);

    /// <summary>Names a row: its file and its number there.</summary>
    string Describe(long row);
}
