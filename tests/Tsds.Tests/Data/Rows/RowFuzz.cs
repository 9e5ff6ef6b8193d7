using Tsds.Data;
using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

/// <summary>The fuzz target of the row reader: any bytes may be refused with <see cref="InvalidDataException"/>, nothing else.</summary>
internal static class RowFuzz
{
    public static void Run(ReadOnlySpan<byte> bytes, string container, TempFolder folder)
    {
        string path = folder.Write("fuzz" + container, bytes.ToArray());
        Read(new RowReader([path], new RowReaderOptions { OnBadRow = BadRowPolicy.Skip, Template = "{user}{title}{text}", TextField = "meta.text" }), path);
        Read(new RowReader([path]), path);
    }

    private static void Read(RowReader reader, string path)
    {
        try
        {
            List<ReadRow> rows = ReadRow.All(reader);
            Assert.Equal(reader.RowCount, rows.Count);
            Assert.All(rows, row => Assert.False(string.IsNullOrWhiteSpace(row.Text)));
            Assert.Equal(
                rows.Select(row => (row.Json, row.Line, row.Index)),
                ReadRow.All(reader, RowFields.None).Select(row => (row.Json, row.Line, row.Index)));
        }
        catch (InvalidDataException e)
        {
            Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        }
    }
}
