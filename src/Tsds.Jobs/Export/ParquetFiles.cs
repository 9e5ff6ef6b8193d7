using System.Globalization;
using System.Text.Json;
using Apache.Arrow;
using ParquetSharp.Arrow;

namespace Tsds.Jobs.Export;

/// <summary>Writes rows as Parquet files of one schema, each of a bounded size.</summary>
internal static class ParquetFiles
{
    /// <summary>
    /// The largest number of rows of a group; the next constant is about the most bytes of JSON in one.
    /// </summary>
    private const int GroupRows = 10_000;
    private const long GroupBytes = 64 << 20;

    /// <summary>Writes the files.</summary>
    /// <param name="rows">Rows as JSON in UTF-8.</param>
    /// <param name="shape">The shape of all of them.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="maxBytes">The bytes of JSON after which a file ends.</param>
    /// <returns>The names of the files, <c>train-00000-of-00002.parquet</c> and so on.</returns>
    public static IReadOnlyList<string> Write(IEnumerable<byte[]> rows, JsonShape shape, string folder, long maxBytes)
    {
        List<string> parts = [];
        using IEnumerator<byte[]> next = rows.GetEnumerator();
        bool hasRow = next.MoveNext();
        while (hasRow)
        {
            string part = Path.Combine(folder, $"part-{parts.Count}.parquet");
            parts.Add(part);
            Schema schema = new(
                [.. shape.FieldNames.Select(name => new Field(name, ColumnOf(shape, name).Type, nullable: true))],
                metadata: null
            );
            using FileWriter writer = new(part, schema);
            long written = 0;
            while (hasRow && written < maxBytes)
            {
                ArrowColumn[] columns = [.. shape.FieldNames.Select(name => ColumnOf(shape, name))];
                int count = 0;
                for (
                    long bytes = 0;
                    hasRow && count < GroupRows && bytes < GroupBytes && written < maxBytes;
                    hasRow = next.MoveNext()
                )
                {
                    using JsonDocument row = JsonDocument.Parse(next.Current);
                    for (int i = 0; i < columns.Length; i++)
                    {
                        columns[i]
                            .Add(
                                row.RootElement.TryGetProperty(shape.FieldNames[i], out JsonElement value)
                                    ? value
                                    : default
                            );
                    }

                    count++;
                    bytes += next.Current.Length;
                    written += next.Current.Length;
                }

                using RecordBatch batch = new(schema, columns.Select(column => column.Build()), count);
                writer.WriteRecordBatch(batch, GroupRows);
            }

            writer.Close();
        }

        string[] names =
        [
            .. parts.Select(
                (_, i) => string.Create(CultureInfo.InvariantCulture, $"train-{i:D5}-of-{parts.Count:D5}.parquet")
            ),
        ];
        for (int i = 0; i < names.Length; i++)
        {
            File.Move(parts[i], Path.Combine(folder, names[i]));
        }

        return names;
    }

    private static ArrowColumn ColumnOf(JsonShape shape, string name) => new(shape[name], name);
}
