using Tsds.Data.Files;

namespace Tsds.Data.Store;

/// <summary>
/// A folder with the chunks of one embedder: <c>SLOT-TEXTS.npy</c> and <c>SLOT-TEXTS.rows</c>. Chunks are written
/// atomically and checked whenever they are opened.
/// </summary>
/// <remarks>
/// In a pool's own store the slot is the chunk's number, so that sorted names are the order of the rows; in the cache
/// it is the key of the first text, so that pools share the chunks they have in common. For a chunk whose texts
/// changed, rows are reused from the other chunks of its slot.
/// </remarks>
internal sealed class ChunkFolder
{
    private readonly bool _isOrdered;

    /// <summary>Initializes a folder.</summary>
    /// <param name="path">The folder, which exists.</param>
    /// <param name="precision">How vectors are stored.</param>
    /// <param name="isOrdered">True if slots are numbers.</param>
    public ChunkFolder(string path, VectorPrecision precision, bool isOrdered)
    {
        Path = path;
        Precision = precision;
        _isOrdered = isOrdered;
    }

    public string Path { get; }

    public VectorPrecision Precision { get; }

    /// <summary>Returns a finished chunk whose vectors match their hash, or null.</summary>
    /// <returns>Null if there is none, or a torn one.</returns>
    public Chunk? Find(int number, ChunkKey key)
    {
        string path = PathOf(number, key);
        ChunkRowsFile? rows = ChunkRowsFile.Read(System.IO.Path.ChangeExtension(path, ChunkRowsFile.Extension));
        if (rows is null || TextKey.Of(rows.Rows) != key.Texts || !IsWhole(path, rows))
        {
            return null;
        }

        Touch(path);
        return new Chunk(path, key, rows.Sha256, Npy.ReadShape(path).Dimension);
    }

    /// <summary>Reads a finished chunk, or returns null.</summary>
    /// <returns>Vectors by text; null if there is none, or a torn one.</returns>
    public EarlierRows? Read(int number, ChunkKey key)
    {
        if (Find(number, key) is not { } chunk)
        {
            return null;
        }

        string rows = System.IO.Path.ChangeExtension(chunk.Path, ChunkRowsFile.Extension);
        return new EarlierRows(ChunkRowsFile.Read(rows)!.Rows, Npy.ReadEmbeddings([chunk.Path]));
    }

    /// <summary>Reads the vectors of the texts that a chunk held before its content changed, or returns null.</summary>
    /// <returns>Vectors by text; null if nothing is known.</returns>
    public EarlierRows? FindEarlier(int number, ChunkKey key)
    {
        // Many chunks may begin with the same text, of boilerplate for instance: the largest few are worth a look.
        const int MaxCandidates = 4;
        IEnumerable<string> candidates = new DirectoryInfo(Path)
            .EnumerateFiles($"{SlotOf(number, key)}-*{ChunkRowsFile.Extension}")
            .OrderByDescending(file => file.Length)
            .ThenBy(file => file.Name, StringComparer.Ordinal)
            .Take(MaxCandidates)
            .Select(file => file.FullName);
        EarlierRows? best = null;
        foreach (string path in candidates)
        {
            string vectors = System.IO.Path.ChangeExtension(path, ".npy");
            if (ChunkRowsFile.Read(path) is { } rows && rows.Rows.Length > (best?.Count ?? 0) && IsWhole(vectors, rows))
            {
                best = new EarlierRows(rows.Rows, Npy.ReadEmbeddings([vectors]));
            }
        }

        return best;
    }

    /// <summary>Writes a chunk atomically.</summary>
    /// <exception cref="InvalidDataException">A value does not fit into float16.</exception>
    public Chunk Write(int number, UInt128[] texts, EmbeddingMatrix vectors)
    {
        ChunkKey key = ChunkKey.Of(texts);
        string path = PathOf(number, key);
        CheckRange(vectors, number);
        string sha256 = "";
        AtomicFile.Create(
            path,
            partial =>
            {
                using (NpyWriter writer = new(partial, vectors.Dimension, Precision))
                {
                    writer.Append(vectors.Values.Span);
                    writer.Complete();
                }

                sha256 = FileHash.Of(partial);
            }
        );
        new ChunkRowsFile(sha256, texts).Write(System.IO.Path.ChangeExtension(path, ChunkRowsFile.Extension));
        return new Chunk(path, key, sha256, vectors.Dimension);
    }

    private static bool IsWhole(string path, ChunkRowsFile rows)
    {
        try
        {
            return FileHash.Of(path) == rows.Sha256;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>
    /// Sets the time of the last use, which decides what the cache evicts first and is part of no result.
    /// </summary>
    private void Touch(string path)
    {
        if (!_isOrdered)
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
    }

    private void CheckRange(EmbeddingMatrix vectors, int number)
    {
        if (Precision != VectorPrecision.Half)
        {
            return;
        }

        ReadOnlySpan<float> values = vectors.Values.Span;
        for (int i = 0; i < values.Length; i++)
        {
            if (!Half.IsFinite((Half)values[i]))
            {
                long row = ((long)number * ChunkKey.Rows) + (i / vectors.Dimension);
                throw new InvalidDataException(
                    $"Expected values up to 65,504 in the vector of row {row}, which float16 can hold, found "
                        + $"{values[i]:G4}; store float32."
                );
            }
        }
    }

    private string PathOf(int number, ChunkKey key) =>
        System.IO.Path.Combine(Path, $"{SlotOf(number, key)}-{key.Texts}.npy");

    private string SlotOf(int number, ChunkKey key) => _isOrdered ? $"{number:D6}" : key.First;
}
