using Tsds.Data.Embedding.Lexical;
using Tsds.Data.Rows;
using Tsds.Data.Store;

namespace Tsds.Jobs.Inputs;

/// <summary>The texts of a pool's rows, known by their content after one pass.</summary>
internal sealed class PoolTexts
{
    private readonly RowReader _rows;

    private PoolTexts(RowReader rows, IReadOnlyList<ChunkKey> shards)
    {
        _rows = rows;
        Shards = shards;
    }

    /// <summary>Gets the texts' shards.</summary>
    public IReadOnlyList<ChunkKey> Shards { get; }

    /// <summary>Reads the pool for the first time.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="paths">Their files.</param>
    /// <param name="fitting">Gets each text offered; may be null.</param>
    /// <param name="progress">Receives bytes; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static PoolTexts Scan(
        RowReader rows,
        IReadOnlyList<string> paths,
        LexicalFitting? fitting,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        IEnumerable<Row> pass = rows.Read(RowFields.Text, ByteProgress.Create(progress, paths), cancellationToken);
        return new PoolTexts(
            rows,
            ChunkKey.Scan(
                pass.Select(row =>
                {
                    fitting?.Add(row.Index, row.Text);
                    return row.Text;
                })
            )
        );
    }

    /// <summary>Reads the texts again.</summary>
    public IEnumerable<string> Read(CancellationToken cancellationToken) =>
        _rows.Read(RowFields.Text, null, cancellationToken).Select(row => row.Text);
}
