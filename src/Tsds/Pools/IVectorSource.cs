namespace Tsds.Pools;

/// <summary>A source of a pool's embeddings: raw rows, and their names for messages.</summary>
internal interface IVectorSource : IDisposable
{
    long Count { get; }

    int Dimension { get; }

    /// <summary>Reads consecutive rows without checking or normalizing them.</summary>
    void ReadRows(long first, int rowCount, Span<float> rows, int stride);

    /// <summary>Returns the name of a row for messages: its file and its number in the file.</summary>
    string Describe(long row);
}
