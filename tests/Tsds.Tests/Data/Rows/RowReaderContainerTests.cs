using System.Text;
using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

public sealed class RowReaderContainerTests
{
    public static TheoryData<string> Containers => [".jsonl", ".jsonl.gz", ".jsonl.zst", ".JSONL.GZ"];

    [Theory]
    [MemberData(nameof(Containers))]
    public void Read_ManyMembers_GiveAllRows(string container)
    {
        using var folder = new TempFolder();
        var random = new Random(5);
        var expected = new List<string>();
        var file = new List<byte>();
        for (int member = 0; member < 400; member++)
        {
            // Lines go across members, and members of every size across the buffers.
            string text = $$"""{"text":"{{Convert.ToHexString(Bytes(random, 1 + random.Next(400)))}}"}""";
            expected.Add(text);
            byte[] bytes = Encoding.UTF8.GetBytes(member == 399 ? text : text + "\n");
            int cut = random.Next(bytes.Length);
            file.AddRange(Pack(container, bytes[..cut]));
            file.AddRange(Pack(container, bytes[cut..]));
        }

        Assert.Equal(expected, ReadRow.All(folder.Write("rows" + container, file.ToArray())).Select(row => row.Json));
    }

    [Theory]
    [InlineData(".jsonl.gz")]
    [InlineData(".jsonl.zst")]
    public void Read_CutAnywhere_ThrowsAndNamesTheFile(string container)
    {
        using var folder = new TempFolder();
        byte[] rows = Encoding.UTF8.GetBytes(
            string.Join('\n', Enumerable.Range(0, 40).Select(i => $$"""{"text":"row {{i * i}}"}""")) + "\n"
        );
        byte[] first = Pack(container, rows);
        byte[] whole = [.. first, .. Pack(container, rows)];

        for (int length = 0; length < whole.Length; length++)
        {
            if (length == first.Length)
            {
                continue; // Cut between two members, the file is whole: nothing in it tells that there was more.
            }

            string path = folder.Write("cut" + container, whole[..length]);
            string message = ReadRow.ErrorOf(path, new() { OnBadRow = BadRowPolicy.Skip });
            Assert.StartsWith(path + ": expected whole compressed data", message, StringComparison.Ordinal);
        }

        Assert.Equal(80, ReadRow.All(folder.Write("whole" + container, whole)).Count);
    }

    [Fact]
    public void Read_CutStoredGzip_Throws()
    {
        // Stored blocks hold bytes as they are: what is put after the end must not pass for the end when it is taken
        // for data.
        using var folder = new TempFolder();
        byte[] noise = Encoding.UTF8.GetBytes(Convert.ToHexString(Bytes(new Random(3), 4000)));
        byte[] row = [.. "{\"text\":\""u8, .. noise, .. "\"}\n"u8];
        using var packed = new MemoryStream();
        using (
            var stream = new System.IO.Compression.GZipStream(
                packed,
                System.IO.Compression.CompressionLevel.NoCompression,
                leaveOpen: true
            )
        )
        {
            stream.Write(row);
        }

        byte[] whole = packed.ToArray();
        for (int missing = 1; missing < whole.Length; missing += 7)
        {
            string path = folder.Write("cut.jsonl.gz", whole[..^missing]);
            string message = ReadRow.ErrorOf(path, new() { OnBadRow = BadRowPolicy.Skip });
            Assert.StartsWith(path + ": expected whole compressed data", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(".jsonl.gz")]
    [InlineData(".jsonl.zst")]
    public void Read_SomethingElseAfterTheEnd_Throws(string container)
    {
        using var folder = new TempFolder();
        byte[] whole = Pack(container, "{\"text\":\"a\"}\n"u8.ToArray());

        Assert.Contains(
            "after",
            ReadRow.ErrorOf(folder.Write("more" + container, [.. whole, .. "more"u8])),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(".jsonl.gz")]
    [InlineData(".jsonl.zst")]
    public void Read_NotCompressedAtAll_Throws(string container)
    {
        using var folder = new TempFolder();
        string path = folder.Write("plain" + container, """{"text":"a"}""");

        Assert.StartsWith(path + ": expected whole compressed data", ReadRow.ErrorOf(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_LongWindow_IsAccepted()
    {
        using var folder = new TempFolder();
        using var packed = new MemoryStream();
        using (var stream = new ZstdSharp.CompressionStream(packed, level: 1, leaveOpen: true))
        {
            // A window above the decoder's own limit of 2^27, as zstd --long=28 writes it.
            stream.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_windowLog, 28);
            stream.Write("{\"text\":\"a\"}\n"u8);
        }

        Assert.Equal("a", Assert.Single(ReadRow.All(folder.Write("long.jsonl.zst", packed.ToArray()))).Text);
    }

    private static byte[] Bytes(Random random, int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Pack(string container, byte[] bytes) =>
        container switch
        {
            ".jsonl" => bytes,
            ".jsonl.zst" => Compressed.Zstandard(bytes),
            _ => Compressed.Gzip(bytes),
        };
}
