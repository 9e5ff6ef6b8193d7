using Tsds.Data.Embedding.Choice;
using Tsds.Data.Rows;
using Tsds.Data.Store;

namespace Tsds.Jobs.Inputs;

/// <summary>The texts of a pool's rows, identified by content after one pass.</summary>
internal sealed class PoolTexts
{
    private readonly RowReader _rows;

    private PoolTexts(RowReader rows, IReadOnlyList<ChunkKey> shards, long modelTokens, PoolCopies? copies)
    {
        _rows = rows;
        ModelTokens = modelTokens;
        Shards = shards;
        Copies = copies;
    }

    /// <summary>Gets the texts' shards.</summary>
    public IReadOnlyList<ChunkKey> Shards { get; }

    /// <summary>Gets about how many tokens of the texts a transformer would read.</summary>
    public long ModelTokens { get; }

    /// <summary>Gets the rows whose text is that of an earlier one; null where they were not looked for.</summary>
    public PoolCopies? Copies { get; }

    /// <summary>Reads the pool of a job for the first time.</summary>
    /// <param name="context">The job.</param>
    /// <param name="rows">The pool's rows.</param>
    /// <param name="fitting">Is offered each text; may be null.</param>
    public static PoolTexts Scan(JobContext context, RowReader rows, EmbedderFitting? fitting = null) =>
        Scan(
            rows,
            rows.Read(RowFields.Text, context.ReadingProgress(context.Files.PoolFiles), context.Cancellation),
            fitting,
            context.Spec.MergesCopies ? new RowKeys() : null
        );

    /// <summary>Reads the texts in a first pass over a pool.</summary>
    /// <param name="rows">The pool's rows.</param>
    /// <param name="pass">The pass, from the first row on.</param>
    /// <param name="fitting">Is offered each text; may be null.</param>
    /// <param name="keys">Learns each text, to find copies; may be null.</param>
    public static PoolTexts Scan(RowReader rows, IEnumerable<Row> pass, EmbedderFitting? fitting, RowKeys? keys = null)
    {
        long tokens = 0;
        IReadOnlyList<ChunkKey> chunks = ChunkKey.Scan(
            pass.Select(row =>
            {
                tokens += ModelCost.TokensOf(row.Text);
                fitting?.Add(row.Index, row.Text);
                keys?.Add(row.Index, row.Text);
                return row.Text;
            })
        );
        return new PoolTexts(rows, chunks, tokens, keys?.Find());
    }

    /// <summary>Reads the texts again.</summary>
    public IEnumerable<string> Read(CancellationToken cancellationToken) =>
        _rows.Read(RowFields.Text, null, cancellationToken).Select(row => row.Text);
}
