using Tsds.Pools;

namespace Tsds;

/// <summary>
/// Embeddings in memory: a read-only view, shape [<see cref="Count"/>, <see cref="Dimension"/>], float32, row-major.
/// </summary>
public readonly struct EmbeddingMatrix
{
    private readonly Normalization? _applied;

    /// <summary>Initializes a view over values that the caller keeps unchanged.</summary>
    /// <param name="values">Count × dimension values, row after row.</param>
    /// <param name="dimension">The length of each row, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimension"/> is smaller than 1.</exception>
    /// <exception cref="ArgumentException">The number of values is not a multiple of
    /// <paramref name="dimension"/>.</exception>
    public EmbeddingMatrix(ReadOnlyMemory<float> values, int dimension)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (values.Length % dimension != 0)
        {
            throw new ArgumentException(
                $"Expected a multiple of {dimension} values, found {values.Length}.",
                nameof(values)
            );
        }

        Values = values;
        Dimension = dimension;
        Count = values.Length / dimension;
    }

    private EmbeddingMatrix(float[] values, int dimension, Normalization? applied)
        : this(values, dimension)
    {
        _applied = applied;
    }

    /// <summary>Gets all values, row after row.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>Gets the length of each row.</summary>
    public int Dimension { get; }

    /// <summary>Gets the number of rows.</summary>
    public int Count { get; }

    /// <summary>Gets one row.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of range.</exception>
    public ReadOnlySpan<float> this[int index] => Values.Span.Slice(index * Dimension, Dimension);

    /// <summary>Checks the rows and normalizes them as a pool does, with the same bits.</summary>
    /// <param name="normalization">What to do.</param>
    /// <returns>
    /// A matrix of its own, the same shape; this one where it was returned by the same normalization, which would move
    /// the last bits if it were applied again.
    /// </returns>
    /// <exception cref="InvalidDataException">A row holds NaN or infinity, or has no direction; the message names
    /// it.</exception>
    public EmbeddingMatrix Normalize(Normalization normalization)
    {
        if (_applied == normalization)
        {
            return this;
        }

        float[] normalized = Values.ToArray();
        for (int i = 0; i < Count; i++)
        {
            if (RowNormalizer.Apply(normalized.AsSpan(i * Dimension, Dimension), normalization) is { } problem)
            {
                throw new InvalidDataException($"targets row {i}{problem}");
            }
        }

        return new EmbeddingMatrix(normalized, Dimension, normalization);
    }

    /// <summary>Copies some rows to a new matrix, in the order given.</summary>
    /// <param name="indexes">Row indexes; a row may occur more than once.</param>
    /// <returns>Shape [indexes, dimension].</returns>
    public EmbeddingMatrix Gather(ReadOnlySpan<int> indexes)
    {
        float[] gathered = new float[checked(indexes.Length * Dimension)];
        for (int i = 0; i < indexes.Length; i++)
        {
            this[indexes[i]].CopyTo(gathered.AsSpan(i * Dimension));
        }

        return new EmbeddingMatrix(gathered, Dimension, _applied);
    }
}
