using ParquetSharp;
using ParquetSharp.Schema;

namespace Tsds.Tests.Shared;

/// <summary>Writes Parquet files of columns of lists.</summary>
internal static class ParquetFile
{
    /// <summary>Writes one column.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The column.</param>
    /// <param name="rows">The lists; the type of an element may be float, double, Half, or one of these or
    /// null.</param>
    /// <param name="groupRows">Rows in a group.</param>
    public static void Write<TRow>(string path, string name, TRow[] rows, int groupRows = int.MaxValue)
    {
        using GroupNode? halves = typeof(TRow) == typeof(Half[]) ? SchemaOfHalves(name) : null;
        using ParquetFileWriter writer = halves is null
            ? new(path, [new Column<TRow>(name)])
            : new(path, halves, WriterProperties.GetDefaultWriterProperties());
        for (int first = 0; first == 0 || first < rows.Length; first += groupRows)
        {
            using RowGroupWriter group = writer.AppendRowGroup();
            using LogicalColumnWriter<TRow> values = group.NextColumn().LogicalWriter<TRow>();
            values.WriteBatch(rows.AsSpan(first, Math.Min(groupRows, rows.Length - first)));
            if (groupRows == int.MaxValue)
            {
                break;
            }
        }

        writer.Close();
    }

    /// <summary>The library makes the column of a float16 by itself only outside of lists.</summary>
    private static GroupNode SchemaOfHalves(string name)
    {
        PrimitiveNode element = new(
            "element",
            Repetition.Required,
            LogicalType.Float16(),
            PhysicalType.FixedLenByteArray,
            2
        );
        GroupNode list = new("list", Repetition.Repeated, [element]);
        return new GroupNode(
            "schema",
            Repetition.Required,
            [new GroupNode(name, Repetition.Optional, [list], LogicalType.List())]
        );
    }
}
