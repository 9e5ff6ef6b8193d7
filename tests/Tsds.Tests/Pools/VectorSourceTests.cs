namespace Tsds.Tests.Pools;

public sealed class VectorSourceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.npy", "a.npy", null, null)]
    [InlineData("a.safetensors#x", "a.safetensors", "x", null)]
    [InlineData("a.pt:1.7e-5", "a.pt", null, 1.7e-5)]
    [InlineData("a.safetensors#x:2", "a.safetensors", "x", 2.0)]
    [InlineData("C:\\a.npy", "C:\\a.npy", null, null)]
    [InlineData("#a.npy", "#a.npy", null, null)]
    public void Parse_OneFile_FindsPathTensorAndWeight(string text, string path, string? tensor, double? weight)
    {
        VectorFile file = Assert.Single(VectorSource.Parse(text).Files);
        Assert.Equal((path, tensor, weight), (file.Path, file.Tensor, file.Weight));
        Assert.Equal(text, weight is null ? VectorSource.Parse(text).ToString() : text);
    }

    [Fact]
    public void Parse_Combination_NormalizesTheWeights()
    {
        VectorSource source = VectorSource.Parse("a.pt:1,b.pt:3");
        Assert.Equal(["a.pt", "b.pt"], source.Files.Select(file => file.Path));
        Assert.Equal([0.25, 0.75], source.Weights);
        Assert.Equal("a.pt:1,b.pt:3", source.ToString());
    }

    [Theory]
    [InlineData("a.pt:1,b.pt", "for 'b.pt'")]
    [InlineData("a.pt:0", "above 0")]
    [InlineData("a.pt:-1,b.pt:1", "above 0")]
    [InlineData("a.pt:NaN", "above 0")]
    public void Parse_UnusableWeights_SaysWhatWasFound(string text, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<ArgumentException>(() => VectorSource.Parse(text)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Parse_NameOfAFile_MeansTheFile()
    {
        string path = Write("a,b:2#c.pt", 2, [1, 0]);
        Assert.Equal(path, Assert.Single(VectorSource.Parse(path).Files).Path);
    }

    /// <summary>
    /// The inner product of two combinations is the weighted sum of cosines, the score of gradient-based selection.
    /// </summary>
    [Fact]
    public void ReadEmbeddings_Combination_HasTheWeightedSumOfCosinesAsInnerProduct()
    {
        Random random = new(1);
        float[] first = [.. Enumerable.Range(0, 5 * 4).Select(_ => random.NextSingle() - 0.5f)];
        float[] second = [.. Enumerable.Range(0, 5 * 3).Select(_ => 100 * (random.NextSingle() - 0.5f))];
        double[] weights = [1.7e-5, 1.3e-5];
        VectorSource source = VectorSource.Parse($"{Write("a.pt", 4, first)}:1.7e-5,{Write("b.pt", 3, second)}:1.3e-5");

        EmbeddingMatrix rows = VectorSource.ReadEmbeddings([source]);

        Assert.Equal(new VectorShape(5, 7, "float32"), source.ReadShape());
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(1, Product(rows[i], rows[i]), 1e-6);
            for (int j = 0; j < 5; j++)
            {
                double expected =
                    ((weights[0] * Cosine(first, 4, i, j)) + (weights[1] * Cosine(second, 3, i, j)))
                    / (weights[0] + weights[1]);
                Assert.Equal(expected, Product(rows[i], rows[j]), 1e-6);
            }
        }
    }

    [Fact]
    public void ReadEmbeddings_SeveralCombinations_AreOnePoolInOrder()
    {
        string a = Write("a.pt", 2, [1, 0, 0, 1]);
        string b = Write("b.pt", 2, [0, 1]);
        EmbeddingMatrix rows = VectorSource.ReadEmbeddings([
            VectorSource.Parse($"{a}:1,{a}:3"),
            VectorSource.Parse($"{b}:1,{b}:3"),
        ]);
        Assert.Equal(
            [0.5f, 0, MathF.Sqrt(0.75f), 0, 0, 0.5f, 0, MathF.Sqrt(0.75f), 0, 0.5f, 0, MathF.Sqrt(0.75f)],
            rows.Values.ToArray()
        );
    }

    [Fact]
    public void ReadEmbeddings_CombinationOfOtherCounts_NamesBothFiles()
    {
        string a = Write("a.pt", 2, [1, 0, 0, 1]);
        string b = Write("b.pt", 2, [0, 1]);
        string message = Assert
            .Throws<InvalidDataException>(() => VectorSource.Parse($"{a}:1,{b}:1").ReadShape())
            .Message;
        Assert.Contains(a, message, StringComparison.Ordinal);
        Assert.Contains($"{b}, found 1", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0f, 0f, "b.pt row 1: expected a vector with a direction")]
    [InlineData(1f, float.NaN, "b.pt row 1, column 1: expected a finite number, found NaN")]
    [InlineData(float.NegativeInfinity, 1f, "b.pt row 1, column 0: expected a finite number, found infinity")]
    public void ReadEmbeddings_UnusableRowOfACombination_IsNamed(float x, float y, string expected)
    {
        string a = Write("a.pt", 2, [1, 0, 0, 1]);
        string b = Write("b.pt", 2, [1, 1, x, y]);
        string message = Assert
            .Throws<InvalidDataException>(() => VectorSource.ReadEmbeddings([VectorSource.Parse($"{a}:1,{b}:1")]))
            .Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.npy")]
    [InlineData("a.pt")]
    public void ReadShape_NameInAFormatWithout_IsRefused(string name)
    {
        string path = Write(name, 2, [1, 0]);
        Assert.Contains(
            "leave out '#x'",
            Assert.Throws<InvalidDataException>(() => VectorSource.Parse(path + "#x").ReadShape()).Message,
            StringComparison.Ordinal
        );
    }

    private static double Product(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (double)x[i] * y[i];
        }

        return sum;
    }

    private static double Cosine(float[] rows, int dimension, int i, int j)
    {
        ReadOnlySpan<float> x = rows.AsSpan(i * dimension, dimension);
        ReadOnlySpan<float> y = rows.AsSpan(j * dimension, dimension);
        return Product(x, y) / Math.Sqrt(Product(x, x) * Product(y, y));
    }

    private string Write(string name, int dimension, float[] values)
    {
        string path = _folder[name];
        TorchFile.Write(path, dimension, values);
        return path;
    }
}
