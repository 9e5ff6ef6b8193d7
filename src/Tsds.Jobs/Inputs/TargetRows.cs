using Tsds.Data.Rows;
using Tsds.Data.Vectors;

namespace Tsds.Jobs.Inputs;

/// <summary>The rows of the targets, or of rows that are given beside them: few enough to be held in memory.</summary>
/// <param name="Reader">Their files after a complete pass.</param>
/// <param name="List">The rows in their order.</param>
internal sealed record TargetRows(RowReader Reader, IReadOnlyList<TargetRow> List)
{
    /// <summary>Gets the texts of the rows.</summary>
    public IReadOnlyList<string> Texts => [.. List.Select(row => row.Text)];

    /// <summary>Reads the rows.</summary>
    /// <param name="context">The job.</param>
    /// <param name="paths">Their files.</param>
    /// <param name="mayBeEmpty">Whether the files may hold no row at all.</param>
    /// <param name="leftOut">Rows that are bad for a reason outside of them, by position; may be null.</param>
    /// <returns>The rows, or null if there are no files.</returns>
    /// <exception cref="InvalidDataException">A row is not usable; the message names file and line.</exception>
    public static TargetRows? Read(
        JobContext context,
        IReadOnlyList<string> paths,
        bool mayBeEmpty = false,
        IReadOnlyDictionary<long, string>? leftOut = null
    )
    {
        if (paths.Count == 0)
        {
            return null;
        }

        RowReader reader = new(paths, context.RowOptions with { MayBeEmpty = mayBeEmpty, LeftOut = leftOut });
        List<TargetRow> rows = [];
        foreach (Row row in reader.Read(RowFields.All, null, context.Cancellation))
        {
            rows.Add(new TargetRow(paths[row.FileIndex], row.Line, row.Id, row.Text));
        }

        return new TargetRows(reader, rows);
    }

    /// <summary>Pairs rows with their ready-made embeddings; see <see cref="RowVectorPairs"/>.</summary>
    /// <param name="context">The job.</param>
    /// <param name="option">The option that names the rows, without dashes.</param>
    /// <param name="paths">Their files.</param>
    /// <param name="rows">The rows, or null if only embeddings were given.</param>
    /// <param name="vectors">The embeddings.</param>
    /// <returns>The rows that are kept, or null, and their embeddings.</returns>
    /// <exception cref="InvalidDataException">The numbers differ.</exception>
    public static (TargetRows? Rows, VectorFiles Vectors) Match(
        JobContext context,
        string option,
        IReadOnlyList<string> paths,
        TargetRows? rows,
        VectorFiles vectors
    )
    {
        if (rows is null)
        {
            return (null, vectors);
        }

        RowVectorPairs pairs = RowVectorPairs.Match(context, option, rows.Reader, vectors);
        return pairs.LeftOut is { } leftOut
            ? (Read(context, paths, mayBeEmpty: rows.List.Count == 0, leftOut), pairs.Vectors)
            : (rows, pairs.Vectors);
    }
}
