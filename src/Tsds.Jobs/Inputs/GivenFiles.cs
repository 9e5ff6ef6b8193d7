namespace Tsds.Jobs.Inputs;

/// <summary>The files of rows that are given beside pool and targets.</summary>
/// <param name="Option">What they are given as: <c>exclude</c>, <c>keep</c> or <c>test</c>.</param>
/// <param name="Rows">The files of rows; empty if only embeddings are given.</param>
/// <param name="Vectors">The ready-made embeddings; empty if only rows are given.</param>
internal sealed record GivenFiles(string Option, IReadOnlyList<string> Rows, IReadOnlyList<VectorSource> Vectors)
{
    /// <summary>Gets a value indicating whether nothing is given.</summary>
    public bool IsEmpty => Rows.Count + Vectors.Count == 0;
}
