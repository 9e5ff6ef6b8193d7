using Tsds.Data.Rows;
using Tsds.Data.Vectors;

namespace Tsds.Jobs.Inputs;

/// <summary>
/// Rows that are given beside the pool, none of which may be chosen again: with their texts, their embeddings, or both.
/// </summary>
/// <param name="Option">What they were given as: <c>exclude</c> or <c>keep</c>.</param>
/// <param name="Reader">Their files after a complete pass, or null where only embeddings were given.</param>
/// <param name="Rows">The rows, or null where only embeddings were given.</param>
/// <param name="Embeddings">Their embeddings in the space of the pool, or null where only rows were given.</param>
/// <param name="Vectors">The files of ready-made embeddings, or null.</param>
internal sealed record GivenRows(
    string Option,
    RowReader? Reader,
    IReadOnlyList<TargetRow>? Rows,
    EmbeddingMatrix? Embeddings,
    VectorFiles? Vectors
)
{
    public const string Exclude = "exclude";
    public const string Keep = "keep";

    /// <summary>Gets the number of rows.</summary>
    public int Count => Rows?.Count ?? Embeddings!.Value.Count;
}
