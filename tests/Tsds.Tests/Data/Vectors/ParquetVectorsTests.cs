using ParquetSharp;
using Tsds.Data.Vectors;

namespace Tsds.Tests.Data.Vectors;

public sealed class ParquetVectorsTests : IDisposable
{
    private static readonly float[][] Rows =
    [
        [0.5f, -1f],
        [1.5f, -2f],
        [2.5f, -3f],
    ];

    private static readonly float[][] Ragged =
    [
        [1f, 2f],
        [3f, 4f],
        [5f],
    ];
    private static readonly float[]?[] Missing =
    [
        [1f, 2f],
        null,
        [5f, 6f],
    ];
    private static readonly float[][] Empty =
    [
        [1f, 2f],
        [3f, 4f],
        [],
    ];
    private static readonly float?[][] WithNull =
    [
        [1f, 2f],
        [3f, null],
    ];
    private static readonly int[][] Integers =
    [
        [1, 2],
    ];
    private static readonly float[] Scalars = [1f];
    private static readonly float[][][] Nested =
    [
        [
            [1f],
        ],
    ];

    private readonly TempFolder _folder = new();
    private int _copies;

    private string Path => _folder["a.parquet"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("float16", 2)]
    [InlineData("float32", 2)]
    [InlineData("float64", 2)]
    [InlineData("float32", int.MaxValue)]
    public void CopyTo_EveryElementAndGroup_CopiesTheValues(string element, int groupRows)
    {
        switch (element)
        {
            case "float16":
                ParquetFile.Write(
                    Path,
                    "embedding",
                    Array.ConvertAll(Rows, row => Array.ConvertAll(row, value => (Half)value)),
                    groupRows
                );
                break;
            case "float64":
                ParquetFile.Write(
                    Path,
                    "embedding",
                    Array.ConvertAll(Rows, row => Array.ConvertAll(row, value => (double)value)),
                    groupRows
                );
                break;
            default:
                ParquetFile.Write(Path, "embedding", Rows, groupRows);
                break;
        }

        EmbeddingMatrix copy = Copy(Path);
        Assert.Equal(2, copy.Dimension);
        Assert.Equal(Rows.SelectMany(row => row), copy.Values.ToArray());
        Assert.Equal(new VectorShape(3, 2, element), VectorFiles.ReadShape(VectorSource.Parse(Path)));
    }

    [Fact]
    public void CopyTo_RowsLongerThanABatch_AreWhole()
    {
        float[][] rows =
        [
            .. Enumerable
                .Range(0, 5)
                .Select(row => Enumerable.Range(0, 50_001).Select(i => (float)((row * 50_001) + i)).ToArray()),
        ];
        ParquetFile.Write(Path, "embedding", rows, 2);
        EmbeddingMatrix copy = Copy(Path);
        Assert.Equal(50_001, copy.Dimension);
        Assert.Equal(rows.SelectMany(row => row), copy.Values.ToArray());
    }

    [Fact]
    public void CopyTo_SeveralColumns_TakesTheOneThatIsNamed()
    {
        using (
            ParquetFileWriter writer = new(
                Path,
                [new Column<string>("text"), new Column<float[]>("a"), new Column<double[]>("b")]
            )
        )
        {
            using RowGroupWriter group = writer.AppendRowGroup();
            using (LogicalColumnWriter<string> text = group.NextColumn().LogicalWriter<string>())
            {
                text.WriteBatch(["x"]);
            }

            using (LogicalColumnWriter<float[]> a = group.NextColumn().LogicalWriter<float[]>())
            {
                a.WriteBatch([
                    [1f, 2f],
                ]);
            }

            using (LogicalColumnWriter<double[]> b = group.NextColumn().LogicalWriter<double[]>())
            {
                b.WriteBatch([
                    [3, 4, 5],
                ]);
            }

            writer.Close();
        }

        Assert.Equal([3f, 4f, 5f], Copy(Path + "#b").Values.ToArray());
        Assert.Contains(
            "found 2: a (lists of Float), b (lists of Double); name the one",
            Fails(Path),
            StringComparison.Ordinal
        );
        Assert.Contains("Expected a column 'text'", Fails(Path + "#text"), StringComparison.Ordinal);
        Assert.Contains("Expected a column 'c'", Fails(Path + "#c"), StringComparison.Ordinal);
    }

    [Fact]
    public void CopyTo_OtherLength_NamesTheRow()
    {
        ParquetFile.Write(Path, "embedding", Ragged, 2);
        Assert.Contains(
            "column embedding row 2: expected 2 numbers as in the rows before, found 1",
            Fails(Path),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void CopyTo_MissingVector_NamesTheRow()
    {
        ParquetFile.Write(Path, "embedding", Missing);
        Assert.Contains("column embedding row 1: expected a vector, found none", Fails(Path), StringComparison.Ordinal);
        ParquetFile.Write(Path, "embedding", Empty);
        Assert.Contains("column embedding row 2: expected a vector, found none", Fails(Path), StringComparison.Ordinal);
    }

    [Fact]
    public void CopyTo_MissingNumber_NamesTheRow()
    {
        ParquetFile.Write(Path, "embedding", WithNull);
        Assert.Contains(
            "column embedding row 1: expected a vector, found null among its numbers",
            Fails(Path),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void CopyTo_NoRows_IsRefused()
    {
        ParquetFile.Write(Path, "embedding", Array.Empty<float[]>());
        Assert.Contains("at least one row", Fails(Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_OtherTypes_AreRefused()
    {
        ParquetFile.Write(Path, "embedding", Integers);
        Assert.Contains("found embedding (lists of Int32)", Fails(Path), StringComparison.Ordinal);
        ParquetFile.Write(Path, "embedding", Scalars);
        Assert.Contains("found embedding (Float)", Fails(Path), StringComparison.Ordinal);
        ParquetFile.Write(Path, "embedding", Nested);
        Assert.Contains("store each vector as a list", Fails(Path), StringComparison.Ordinal);
    }

    /// <summary>
    /// The file's own reader is a library; what it throws on a damaged file becomes a sentence that names the file.
    /// </summary>
    [Fact]
    public void CopyTo_TruncatedOrDamaged_ReadsOrRefuses()
    {
        ParquetFile.Write(Path, "embedding", Rows, 2);
        byte[] whole = File.ReadAllBytes(Path);
        for (int length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(Path, whole[..length]);
            Fails(Path);
        }

        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            byte[] damaged = [.. whole];
            damaged[random.Next(whole.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(Path, damaged);
            try
            {
                Copy(Path);
            }
            catch (InvalidDataException exception)
            {
                Assert.Contains(Path, exception.Message, StringComparison.Ordinal);
            }
        }
    }

    private EmbeddingMatrix Copy(string source)
    {
        string copy = _folder[$"copy-{_copies++}.npy"];
        using ParquetVectors vectors = ParquetVectors.Open(VectorSource.Parse(source).Files[0]);
        vectors.CopyTo(copy, null, TestContext.Current.CancellationToken);
        return Npy.ReadEmbeddings([copy]);
    }

    private string Fails(string source)
    {
        string message = Assert.Throws<InvalidDataException>(() => Copy(source)).Message;
        Assert.Contains(Path, message, StringComparison.Ordinal);
        return message;
    }
}
