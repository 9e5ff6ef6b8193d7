using Tsds.Data.Rows;

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
    /// <returns>The rows, or null if there are no files.</returns>
    /// <exception cref="InvalidDataException">A row is not usable; the message names file and line.</exception>
    public static TargetRows? Read(JobContext context, IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
        {
            return null;
        }

        RowReader reader = new(paths, context.RowOptions);
        List<TargetRow> rows = [];
        foreach (Row row in reader.Read(RowFields.All, null, context.Cancellation))
        {
            rows.Add(new TargetRow(paths[row.FileIndex], row.Line, row.Id, row.Text));
        }

        return new TargetRows(reader, rows);
    }
}
