using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Tsds.Data.Vectors;

namespace Tsds.Tests.Pools;

public sealed class TorchArchiveTests : IDisposable
{
    private static readonly float[] Values = [0.5f, -1f, 1.5f, -2f, 2.5f, -3f];

    private readonly TempFolder _folder = new();

    private string Path => _folder["all_orig.pt"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("HalfStorage", "float16")]
    [InlineData("BFloat16Storage", "bfloat16")]
    [InlineData("FloatStorage", "float32")]
    [InlineData("DoubleStorage", "float64")]
    public void ReadEmbeddings_EveryElement_ReadsTheValues(string storage, string element)
    {
        TorchFile.Write(Path, TorchFile.Pickle(storage, 6, 0, [3, 2], [2, 1]), Elements(storage));
        EmbeddingMatrix matrix = Read(Path);
        Assert.Equal(2, matrix.Dimension);
        Assert.Equal(Values, matrix.Values.ToArray());
        Assert.Equal(new VectorShape(3, 2, element), VectorSourceSyntax.Parse(Path).ReadShape());
    }

    [Theory]
    [InlineData("archive")]
    [InlineData("runs/of/today")]
    public void ReadEmbeddings_AnyFolderInTheArchive_IsFound(string folder)
    {
        TorchFile.Write(Path, TorchFile.Pickle("FloatStorage", 6, 0, [3, 2], [2, 1]), Elements("FloatStorage"), folder);
        Assert.Equal(Values, Read(Path).Values.ToArray());
    }

    [Fact]
    public void ReadEmbeddings_Elements_LieAtAMultipleOf64()
    {
        TorchFile.Write(Path, 2, Values);
        byte[] file = File.ReadAllBytes(Path);
        int found = file.AsSpan().IndexOf(MemoryMarshal.AsBytes(Values.AsSpan()));
        Assert.Equal(0, found % 64);
    }

    /// <summary>The rows from the second on, as tensor[1:] is saved: the whole storage, and an offset.</summary>
    [Fact]
    public void ReadEmbeddings_PartOfAStorage_ReadsThatPart()
    {
        TorchFile.Write(Path, TorchFile.Pickle("FloatStorage", 6, 2, [2, 2], [2, 1]), Elements("FloatStorage"));
        Assert.Equal(Values[2..], Read(Path).Values.ToArray());
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 1, 2 }, "contiguous()")]
    [InlineData(new long[] { 3, 1 }, new long[] { 2, 1 }, "contiguous()")]
    [InlineData(new long[] { 6 }, new long[] { 1 }, "2-D")]
    [InlineData(new long[] { 1, 3, 2 }, new long[] { 6, 2, 1 }, "2-D")]
    [InlineData(new long[] { 3, 0 }, new long[] { 1, 1 }, "dimension")]
    [InlineData(new long[] { -3, 2 }, new long[] { 2, 1 }, "dimension")]
    [InlineData(new long[] { 4, 2 }, new long[] { 2, 1 }, "damaged")]
    [InlineData(new long[] { long.MaxValue, 2 }, new long[] { 2, 1 }, "dimension")]
    [InlineData(new long[] { 1L << 40, 2 }, new long[] { 2, 1 }, "damaged")]
    public void ReadEmbeddings_OtherShape_SaysWhatWasFound(long[] shape, long[] strides, string expected)
    {
        TorchFile.Write(Path, TorchFile.Pickle("FloatStorage", 6, 0, shape, strides), Elements("FloatStorage"));
        Assert.Contains(expected, Fails(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 0, "damaged")]
    [InlineData(7, 0, "damaged")]
    [InlineData(long.MaxValue, 0, "damaged")]
    [InlineData(6, 1, "damaged")]
    [InlineData(6, -1, "damaged")]
    [InlineData(6, long.MaxValue, "damaged")]
    public void ReadEmbeddings_LyingSizes_AreRefused(long storageCount, long offset, string expected)
    {
        TorchFile.Write(
            Path,
            TorchFile.Pickle("FloatStorage", storageCount, offset, [3, 2], [2, 1]),
            Elements("FloatStorage")
        );
        Assert.Contains(expected, Fails(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LongStorage")]
    [InlineData("QInt8Storage")]
    public void ReadEmbeddings_OtherElements_AreRefused(string storage)
    {
        TorchFile.Write(Path, TorchFile.Pickle(storage, 6, 0, [3, 2], [2, 1]), Elements("DoubleStorage"));
        Assert.Contains($"found torch.{storage}", Fails(), StringComparison.Ordinal);
    }

    /// <summary>A name that a hostile pickle would run is refused before anything else of it is read.</summary>
    [Theory]
    [InlineData("cos\nsystem\n(X\u0006\0\0\0touch tR.", "os.system")]
    [InlineData("cposix\nsystem\n(X\u0006\0\0\0touch tR.", "posix.system")]
    [InlineData("c__builtin__\neval\n(X\u0001\0\0\01tR.", "__builtin__.eval")]
    [InlineData("cbuiltins\nexec\n(X\u0001\0\0\01tR.", "builtins.exec")]
    [InlineData("ctorch._utils\n_rebuild_sparse_tensor\n.", "torch._utils._rebuild_sparse_tensor")]
    [InlineData("X\u0002\0\0\0osX\u0006\0\0\0system\u0093.", "os.system")]
    [InlineData("cnumpy.core.multiarray\n_reconstruct\n.", "numpy.core.multiarray._reconstruct")]
    public void ReadEmbeddings_PickleThatNamesAFunction_IsRefusedByName(string pickle, string name)
    {
        TorchFile.Write(Path, [0x80, 2, .. Encoding.Latin1.GetBytes(pickle)], []);
        Assert.Contains($"'{name}', of which nothing was run", Fails(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("}.", "a dictionary")]
    [InlineData("].", "a list")]
    [InlineData("ccollections\nOrderedDict\n)R.", "a dictionary")]
    [InlineData("ccollections\nOrderedDict\n)R(X\u0001\0\0\0aNu.", "a dictionary")]
    [InlineData("K\u0001.", "a number")]
    [InlineData("K\u0001\u0085.", "a tuple")]
    [InlineData(".", "something else")]
    [InlineData("N.", "something else")]
    [InlineData("(.", "something else")]
    [InlineData("t.", "a tuple without a beginning")]
    [InlineData("R.", "another order")]
    [InlineData("Q.", "another order")]
    [InlineData("K\u0001Q.", "another order")]
    [InlineData(")Q.", "not one of a storage")]
    [InlineData("h\u0007.", "a reference to nothing")]
    [InlineData("j\u0007\0\0\0.", "a reference to nothing")]
    [InlineData("q\u0007.", "another order")]
    [InlineData("iposix\nsystem\n.", "opcode 0x69")]
    [InlineData("X\u00ff\u00ff\u00ff\u00ff", "longer than the file")]
    [InlineData("\u008a\u00ff", "more than 64 bits")]
    [InlineData("cos", "a name without an end")]
    [InlineData("ctorch._utils\n_rebuild_tensor_v2\n)R.", "other arguments")]
    [InlineData("ccollections\nOrderedDict\nK\u0001\u0085R.", "other arguments")]
    public void ReadEmbeddings_OtherPickle_IsRefused(string pickle, string found)
    {
        TorchFile.Write(Path, [0x80, 2, .. Encoding.Latin1.GetBytes(pickle)], []);
        Assert.Contains(found, Fails(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadEmbeddings_DeepPickle_IsRefusedWithoutRecursion()
    {
        // A tuple in a tuple in a tuple, half a million deep.
        TorchFile.Write(Path, [0x80, 2, (byte)')', .. Enumerable.Repeat((byte)0x85, 500_000), (byte)'.'], []);
        Assert.Contains("a tuple", Fails(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadEmbeddings_HugePickle_IsRefused()
    {
        TorchFile.Write(Path, new byte[2 << 20], []);
        Assert.Contains("found more", Fails(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void ReadEmbeddings_LegacyFormat_SaysHowToSaveAgain(byte protocol)
    {
        File.WriteAllBytes(
            Path,
            [0x80, protocol, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.']
        );
        Assert.Contains("from before torch 1.6", Fails(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadEmbeddings_BigEndian_IsRefused()
    {
        TorchFile.Write(
            Path,
            TorchFile.Pickle("FloatStorage", 6, 0, [3, 2], [2, 1]),
            Elements("FloatStorage"),
            byteOrder: "big"
        );
        Assert.Contains("little-endian", Fails(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadEmbeddings_CompressedStorage_IsRefused()
    {
        using (ZipArchive zip = ZipFile.Open(Path, ZipArchiveMode.Create))
        {
            Add(
                zip,
                "a/data.pkl",
                TorchFile.Pickle("FloatStorage", 60_000, 0, [30_000, 2], [2, 1]),
                CompressionLevel.NoCompression
            );
            Add(zip, "a/data/0", new byte[240_000], CompressionLevel.Optimal);
        }

        Assert.Contains("compressed", Fails(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadEmbeddings_OtherArchive_IsRefused()
    {
        using (ZipArchive zip = ZipFile.Open(Path, ZipArchiveMode.Create))
        {
            Add(zip, "weights.npy", [1], CompressionLevel.NoCompression);
        }

        Assert.Contains("Expected one data.pkl", Fails(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadEmbeddings_NotAnArchive_IsRefused()
    {
        File.WriteAllText(Path, "some text");
        Assert.Contains("other content", Fails(), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadEmbeddings_TruncatedAnywhere_Throws()
    {
        TorchFile.Write(Path, 2, Values);
        byte[] whole = File.ReadAllBytes(Path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            Fails();
        }
    }

    /// <summary>Damaged bytes end in values or in the one kind of error that a user reads, never in another.</summary>
    [Fact]
    public void ReadEmbeddings_DamagedBytes_ReadsOrRefuses()
    {
        TorchFile.Write(Path, 2, Values);
        byte[] whole = File.ReadAllBytes(Path);
        for (int seed = 0; seed < 1_000; seed++)
        {
            Random random = new(seed);
            byte[] damaged = [.. whole];
            for (int i = random.Next(1, 5); i > 0; i--)
            {
                damaged[random.Next(whole.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(Path, damaged);
            try
            {
                Read(Path);
            }
            catch (InvalidDataException exception)
            {
                Assert.Contains(Path, exception.Message, StringComparison.Ordinal);
            }
        }
    }

    private static void Add(ZipArchive zip, string name, byte[] content, CompressionLevel level)
    {
        using Stream stream = zip.CreateEntry(name, level).Open();
        stream.Write(content);
    }

    private static byte[] Elements(string storage) =>
        storage switch
        {
            "HalfStorage" => MemoryMarshal.AsBytes(Array.ConvertAll(Values, value => (Half)value).AsSpan()).ToArray(),
            "BFloat16Storage" => MemoryMarshal
                .AsBytes(
                    Array.ConvertAll(Values, value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)).AsSpan()
                )
                .ToArray(),
            "DoubleStorage" => MemoryMarshal
                .AsBytes(Array.ConvertAll(Values, value => (double)value).AsSpan())
                .ToArray(),
            _ => MemoryMarshal.AsBytes(Values.AsSpan()).ToArray(),
        };

    private static EmbeddingMatrix Read(string source) =>
        VectorSource.ReadEmbeddings([VectorSourceSyntax.Parse(source)]);

    private string Fails()
    {
        string message = Assert.Throws<InvalidDataException>(() => Read(Path)).Message;
        Assert.Contains(Path, message, StringComparison.Ordinal);
        return message;
    }
}
