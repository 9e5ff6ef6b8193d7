using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

/// <summary>
/// The fuzz target of the row reader: any bytes may be refused with <see cref="InvalidDataException"/>, nothing else.
/// </summary>
internal static class RowFuzz
{
    public static void Run(ReadOnlySpan<byte> bytes, string container, TempFolder folder)
    {
        string path = folder.Write("fuzz" + container, bytes.ToArray());
        Read(
            new RowReader(
                [path],
                new RowReaderOptions
                {
                    OnBadRow = BadRowPolicy.Skip,
                    Template = "{user}{title}{text}",
                    TextField = "meta.text",
                }
            ),
            path
        );
        Read(new RowReader([path]), path);
    }

    /// <summary>Flips, removes, repeats and cuts a few bytes.</summary>
    public static byte[] Mutate(byte[] file, Random random)
    {
        ReadOnlySpan<byte> telling = "{}[]\",:\\u\n0-"u8;
        List<byte> bytes = [.. file];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int position = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[position] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[position] = telling[random.Next(telling.Length)];
                    break;
                case 2:
                    bytes.RemoveRange(position, random.Next(Math.Min(20, bytes.Count - position)));
                    break;
                case 3:
                    bytes.InsertRange(
                        position,
                        bytes.GetRange(position, random.Next(Math.Min(40, bytes.Count - position)))
                    );
                    break;
                default:
                    bytes.RemoveRange(position + 1, bytes.Count - position - 1);
                    break;
            }
        }

        return [.. bytes];
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
                ReadRow.All(reader, RowFields.None).Select(row => (row.Json, row.Line, row.Index))
            );
        }
        catch (InvalidDataException e)
        {
            Assert.StartsWith(path, e.Message, StringComparison.Ordinal);
        }
    }
}
