using Tsds.Data.Rows;
using Tsds.Data.Vectors;

namespace Tsds.Jobs.Inputs;

/// <summary>
/// Rows given in addition to the pool, none of which may be chosen again, with texts, embeddings, or both.
/// </summary>
/// <param name="Option">What they were given as: <c>exclude</c> or <c>keep</c>.</param>
/// <param name="Reader">Their files after a complete pass, or null if only embeddings were given.</param>
/// <param name="Rows">The rows, or null if only embeddings were given.</param>
/// <param name="Embeddings">Their embeddings in the space of the pool, normalized as the pool's are; or null if only
/// rows were given.</param>
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
    public int Count => Rows?.Count ?? Embeddings?.Count ?? 0;

    /// <summary>Reads excluded, kept or test rows, and embeds them as those of the pool.</summary>
    /// <param name="context">The job.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="given">The files, at least one.</param>
    /// <exception cref="InvalidDataException">A row or embedding is not usable, or there is not one embedding for each
    /// row.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public static async Task<GivenRows> ReadAsync(JobContext context, PoolInputs pool, GivenFiles given)
    {
        VectorFiles? files =
            given.Vectors.Count > 0
                ? VectorFiles.Open(given.Vectors, context.Scratch, given.Option, context.Progress, context.Cancellation)
                : null;
        TargetRows? rows = TargetRows.Read(context, given.Rows, mayBeEmpty: true);
        EmbeddingMatrix? embeddings = null;
        if (files is not null)
        {
            (rows, files) = TargetRows.Match(context, given.Option, given.Rows, rows, files);
            embeddings = files.RowCount > 0 ? VectorSource.ReadEmbeddings(files.Sources) : null;
        }
        else if (pool.Embedder is { } embedder && rows!.List.Count > 0)
        {
            embeddings = await embedder
                .EmbedRowsAsync(rows.Texts, given.Option, context.Cancellation)
                .ConfigureAwait(false);
        }

        if (embeddings is { } found && found.Dimension != pool.Pool.Dimension)
        {
            throw new InvalidDataException(
                $"Expected embeddings of the pool's dimension {pool.Pool.Dimension} in --{given.Option}-vectors, found "
                    + $"{found.Dimension}; embed both with the same model."
            );
        }

        return new GivenRows(
            given.Option,
            rows?.Reader,
            rows?.List,
            embeddings?.Normalize(pool.Pool.Normalization),
            files
        );
    }
}
