using System.Runtime.InteropServices;

namespace Tsds.Tests.Pools;

public sealed class SafetensorsTests : IDisposable
{
    private static readonly float[] Values = [0.5f, -1f, 1.5f, -2f, 2.5f, -3f];

    private readonly TempFolder _folder = new();

    private string Path => _folder["a.safetensors"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("F16")]
    [InlineData("BF16")]
    [InlineData("F32")]
    [InlineData("F64")]
    public void ReadEmbeddings_EveryElement_ReadsTheValues(string type)
    {
        byte[] data = Elements(type);
        SafetensorsFile.Write(Path, Header(type, "[3,2]", 0, data.Length), data);
        EmbeddingMatrix matrix = Read(Path);
        Assert.Equal(2, matrix.Dimension);
        Assert.Equal(Values, matrix.Values.ToArray());
        Assert.Equal(
            new VectorShape(
                3,
                2,
                type switch
                {
                    "F16" => "float16",
                    "BF16" => "bfloat16",
                    "F32" => "float32",
                    _ => "float64",
                }
            ),
            VectorSource.Parse(Path).ReadShape()
        );
    }

    [Fact]
    public void ReadEmbeddings_SeveralTensors_TakesTheOneThatIsNamed()
    {
        byte[] data = [.. Elements("F32"), .. Elements("F64")];
        string header =
            """{"x":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]},"y#1":{"dtype":"F64","shape":[2,3],"data_offsets":[24,72]}}""";
        SafetensorsFile.Write(Path, header, data);
        Assert.Equal(2, Read(Path + "#x").Dimension);
        EmbeddingMatrix second = VectorSource.ReadEmbeddings([
            new VectorSource([new VectorFile(Path) { Tensor = "y#1" }]),
        ]);
        Assert.Equal(3, second.Dimension);
        Assert.Equal(Values, second.Values.ToArray());
        Assert.Contains("found 2: x, y#1; name the one", Fails(Path), StringComparison.Ordinal);
        Assert.Contains("Expected a tensor 'z'", Fails(Path + "#z"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("I64", "[3,2]", 0, 48, "found I64")]
    [InlineData("F32", "[6]", 0, 24, "2-D")]
    [InlineData("F32", "[3,1,2]", 0, 24, "2-D")]
    [InlineData("F32", "[3,0]", 0, 0, "dimension")]
    [InlineData("F32", "[-3,2]", 0, 24, "dimension")]
    [InlineData("F32", "[9223372036854775807,2]", 0, 24, "dimension")]
    [InlineData("F32", "[99999999999999999999,2]", 0, 24, "something else")]
    [InlineData("F32", "[4,2]", 0, 24, "Expected 32 bytes")]
    [InlineData("F32", "[3,2]", 0, 1000, "Expected 24 bytes")]
    [InlineData("F32", "[3,2]", 8, 32, "truncated")]
    [InlineData("F32", "[3,2]", -8, 16, "ascending")]
    [InlineData("F32", "[3,2]", 24, 0, "ascending")]
    [InlineData("F32", "7", 0, 24, "something else")]
    [InlineData("", "[3,2]", 0, 24, "found ;")]
    public void ReadEmbeddings_UnusableHeader_SaysWhatWasFound(
        string type,
        string shape,
        long begin,
        long end,
        string expected
    )
    {
        SafetensorsFile.Write(Path, Header(type, shape, begin, end), Elements("F32"));
        Assert.Contains(expected, Fails(Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "found none")]
    [InlineData("[]", "something else")]
    [InlineData("""{"x":1}""", "something else")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3,2]}}""", "something else")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3,2],"data_offsets":[0]}}""", "something else")]
    [InlineData("not JSON", "something else")]
    public void ReadEmbeddings_OtherHeader_SaysWhatWasExpected(string header, string expected)
    {
        SafetensorsFile.Write(Path, header, Elements("F32"));
        Assert.Contains(expected, Fails(Path), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadEmbeddings_DeepHeader_IsRefused()
    {
        SafetensorsFile.Write(Path, new string('[', 10_000) + new string(']', 10_000), Elements("F32"));
        Assert.Contains("something else", Fails(Path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(1ul << 40)]
    [InlineData(100ul)]
    [InlineData(0ul)]
    public void ReadEmbeddings_LyingLength_IsRefused(ulong length)
    {
        File.WriteAllBytes(Path, [.. BitConverter.GetBytes(length), .. "{}      "u8]);
        Fails(Path);
    }

    [Fact]
    public void ReadEmbeddings_TruncatedAnywhere_Throws()
    {
        SafetensorsFile.Write(Path, 2, Values);
        byte[] whole = File.ReadAllBytes(Path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Path, whole[..length]);
            Fails(Path);
        }
    }

    /// <summary>Damaged bytes end in values or in the one kind of error that a user reads, never in another.</summary>
    [Fact]
    public void ReadEmbeddings_DamagedBytes_ReadsOrRefuses()
    {
        SafetensorsFile.Write(Path, 2, Values);
        byte[] whole = File.ReadAllBytes(Path);
        for (int seed = 0; seed < 2_000; seed++)
        {
            Random random = new(seed);
            byte[] damaged = [.. whole];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                damaged[random.Next(whole.Length - (Values.Length * sizeof(float)))] = (byte)random.Next(256);
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

    private static string Header(string type, string shape, long begin, long end) =>
        $$$"""{"x":{"dtype":"{{{type}}}","shape":{{{shape}}},"data_offsets":[{{{begin}}},{{{end}}}]}}""";

    private static byte[] Elements(string type) =>
        type switch
        {
            "F16" => MemoryMarshal.AsBytes(Array.ConvertAll(Values, value => (Half)value).AsSpan()).ToArray(),
            "BF16" => MemoryMarshal
                .AsBytes(
                    Array.ConvertAll(Values, value => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)).AsSpan()
                )
                .ToArray(),
            "F64" => MemoryMarshal.AsBytes(Array.ConvertAll(Values, value => (double)value).AsSpan()).ToArray(),
            _ => MemoryMarshal.AsBytes(Values.AsSpan()).ToArray(),
        };

    private static EmbeddingMatrix Read(string source) => VectorSource.ReadEmbeddings([VectorSource.Parse(source)]);

    private string Fails(string source)
    {
        string message = Assert.Throws<InvalidDataException>(() => Read(source)).Message;
        Assert.Contains(Path, message, StringComparison.Ordinal);
        return message;
    }
}
