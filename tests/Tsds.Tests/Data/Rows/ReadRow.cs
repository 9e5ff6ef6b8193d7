using System.Text;
using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

/// <summary>A row with a copy of its bytes, which outlive the pass.</summary>
internal sealed record ReadRow(
    string Json,
    string Text,
    string? Id,
    string Source,
    int FileIndex,
    long Line,
    long Index
)
{
    public static List<ReadRow> All(RowReader reader, RowFields fields = RowFields.All)
    {
        var rows = new List<ReadRow>();
        foreach (Row row in reader.Read(fields, progress: null, TestContext.Current.CancellationToken))
        {
            rows.Add(
                new ReadRow(
                    Encoding.UTF8.GetString(row.Utf8.Span),
                    row.Text,
                    row.Id,
                    row.Source,
                    row.FileIndex,
                    row.Line,
                    row.Index
                )
            );
        }

        return rows;
    }

    public static List<ReadRow> All(string path, RowReaderOptions? options = null) =>
        All(new RowReader([path], options));

    public static string TextOf(string row, string? template = null, string? textField = null)
    {
        using var folder = new TempFolder();
        string path = folder.Write("rows.jsonl", row);
        return Assert.Single(All(path, new RowReaderOptions { Template = template, TextField = textField })).Text;
    }

    public static string ErrorOf(string path, RowReaderOptions? options = null) =>
        Assert.Throws<InvalidDataException>(() => All(path, options)).Message;
}
