using Tsds.Numerics;
using Tsds.Pools;

namespace Tsds;

/// <summary>
/// An index of a pool: its rows as int8, each with its norm, scale and error bound, computed once. A search reads a
/// quarter of the bytes of float32 and computes nothing of the rows again. Results are the same; embeddings are read
/// only where they must be compared exactly.
/// </summary>
/// <remarks>
/// A folder of <c>index.json</c> (version, shape, identity of the pool), <c>rows.bin</c> (‖x‖² and ‖s·x̂‖² as float64;
/// scale and error bound as float32; a CRC-32C, checked whenever the row is read) and <c>elements.bin</c> (int8). All
/// numbers are little-endian. d + 28 bytes a candidate.
/// </remarks>
public sealed class PoolIndex : IDisposable
{
    private readonly IndexedRows _rows;

    private PoolIndex(IndexHeader header, IndexedRows rows)
    {
        Header = header;
        _rows = rows;
    }

    /// <summary>Gets the number of candidates.</summary>
    public long Count => Header.Count;

    /// <summary>Gets the length of each embedding.</summary>
    public int Dimension => Header.Dimension;

    /// <summary>Gets the normalization of the embeddings.</summary>
    public Normalization Normalization => Header.Normalization;

    /// <summary>
    /// Gets the identity of the embeddings, given when the index was built, which callers compare when they open it.
    /// </summary>
    public string Identity => Header.Identity;

    internal IndexHeader Header { get; }

    internal IQuantizedRows Rows => _rows;

    /// <summary>Builds the index of a pool in a folder.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="folder">An existing folder to write to.</param>
    /// <param name="identity">What identifies the embeddings, a hash of their files for instance.</param>
    /// <param name="progress">Receives the number of candidates written; may be null.</param>
    /// <param name="cancellationToken">Stops; what has been written stays.</param>
    /// <returns>A task.</returns>
    /// <exception cref="InvalidDataException">An embedding is not usable; the message names file and row.</exception>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public static Task BuildAsync(
        CandidatePool pool,
        string folder,
        string identity,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(identity);
        return IndexWriter.WriteAsync(pool, folder, identity, progress, cancellationToken);
    }

    /// <summary>Opens an index; its files stay mapped until it is disposed.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The index.</returns>
    /// <exception cref="InvalidDataException">The folder holds no index, one of another version, or a damaged
    /// one.</exception>
    public static PoolIndex Open(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        IndexHeader header = IndexHeader.Read(folder);
        return new PoolIndex(header, IndexedRows.Open(folder, header));
    }

    /// <summary>Unmaps the files.</summary>
    public void Dispose() => _rows.Dispose();
}
