using CsCheck;
using Tsds.Density;
using Tsds.Neighbors;
using Tsds.Numerics;
using Tsds.Pools;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Pools;

public sealed class PoolIndexTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task BuildAsync_AnyPool_SearchesGiveTheSameBytes() =>
        await Gen.Select(
                Gen.Select(Gen.Int[0, 1_000_000], Gen.Int[1, 400], Gen.Int[1, 270], Vectors.Kinds),
                Gen.Select(Gen.Int[0, 3], Gen.Int[0, 2], Gen.Int[1, 3]),
                Gen.Double[-2, 4]
            )
            .SampleAsync(
                async (shape, scan, exponent) =>
                {
                    (int seed, int count, int dimension, VectorKind kind) = shape;
                    (int lane, int shortcuts, int threads) = scan;
                    EmbeddingMatrix candidates = Vectors.Create(seed, count, dimension, kind);
                    EmbeddingMatrix queries = Vectors.Create(seed + 1, 40, dimension, kind);
                    NormalizedSource source = new(new MemoryVectorSource(candidates), Normalization.None);
                    ScanSettings settings = new(
                        threads,
                        (RegisterKind)lane,
                        ScanPrecision.Int16,
                        null,
                        CancellationToken.None
                    )
                    {
                        Shortcuts = (ScanShortcuts)shortcuts,
                    };
                    double bandwidth = Math.Pow(10, exponent);
                    int k = 1 + (count / 3);
                    NeighborTable neighbors = await NeighborSearch.FindAsync(source, queries, k, settings);
                    double[] densities = await DensityEstimator.EstimateAsync(source, queries, bandwidth, settings);

                    string folder = Directory.CreateDirectory(_folder[Guid.NewGuid().ToString("N")]).FullName;
                    CandidatePoolOptions options = new() { Normalization = Normalization.None, ThreadCount = threads };
                    using CandidatePool pool = CandidatePool.FromEmbeddings(candidates, options);
                    await PoolIndex.BuildAsync(pool, folder, "me", null, CancellationToken.None);
                    using PoolIndex index = PoolIndex.Open(folder);
                    source.Quantized = index.Rows;
                    NeighborTable found = await NeighborSearch.FindAsync(source, queries, k, settings);
                    for (int q = 0; q < queries.Count; q++)
                    {
                        Assert.Equal(neighbors.CandidateIds(q).ToArray(), found.CandidateIds(q).ToArray());
                        Assert.Equal(neighbors.DistancesSquared(q).ToArray(), found.DistancesSquared(q).ToArray());
                    }

                    Assert.Equal(densities, await DensityEstimator.EstimateAsync(source, queries, bandwidth, settings));
                    Assert.Equal("me", index.Identity);
                },
                iter: 40,
                threads: 1
            );

    [Theory]
    [InlineData("rows.bin", 3)]
    [InlineData("rows.bin", 30)]
    [InlineData("elements.bin", 100)]
    [InlineData("elements.bin", 1999)]
    public async Task Search_FlippedByte_NamesTheRow(string name, int position)
    {
        EmbeddingMatrix candidates = Vectors.Create(1, 50, 40, VectorKind.Spread);
        using CandidatePool pool = CandidatePool.FromEmbeddings(candidates);
        await PoolIndex.BuildAsync(pool, _folder.Root, "", null, TestContext.Current.CancellationToken);
        byte[] bytes = File.ReadAllBytes(_folder[name]);
        bytes[position] ^= 0x10;
        File.WriteAllBytes(_folder[name], bytes);
        using PoolIndex index = PoolIndex.Open(_folder.Root);
        NormalizedSource source = new(new MemoryVectorSource(candidates), Normalization.L2) { Quantized = index.Rows };

        // By name: a processor without registers would choose the arithmetic that has no use for an index.
        ScanSettings settings = new(
            1,
            CandidateScan.WidestLane,
            ScanPrecision.Int16,
            null,
            TestContext.Current.CancellationToken
        );
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(async () =>
            await NeighborSearch.FindAsync(source, Vectors.Create(2, 3, 40, VectorKind.Spread), 5, settings)
        );
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("index.json", "{}")]
    [InlineData("index.json", "not json")]
    [InlineData("index.json", "{\"format\":\"tsds-pool-index\",\"version\":99}")]
    [InlineData("rows.bin", "short")]
    [InlineData("elements.bin", "")]
    public async Task Open_NotAnIndex_SaysWhatToDo(string name, string content)
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(Vectors.Create(1, 50, 40, VectorKind.Spread));
        await PoolIndex.BuildAsync(pool, _folder.Root, "", null, TestContext.Current.CancellationToken);
        File.WriteAllText(_folder[name], content);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => PoolIndex.Open(_folder.Root));
        Assert.Contains("build it again with 'tsds index'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Header_WrittenAndRead_IsTheSame()
    {
        IndexHeader header = new(1L << 40, 3, Normalization.None, 1e-7, "a\"b");

        header.Write(_folder.Root);

        Assert.Equal(header, IndexHeader.Read(_folder.Root));
        Assert.Equal(
            """
            {
              "format": "tsds-pool-index",
              "version": 1,
              "count": 1099511627776,
              "dimension": 3,
              "normalization": "None",
              "largestRelativeError": 1E-07,
              "identity": "a\u0022b"
            }
            """.ReplaceLineEndings("\n"),
            File.ReadAllText(_folder[IndexHeader.Name]).ReplaceLineEndings("\n")
        );
    }

    [Fact]
    public async Task UseIndex_OfAnotherPool_Throws()
    {
        using CandidatePool pool = CandidatePool.FromEmbeddings(Vectors.Create(1, 50, 40, VectorKind.Spread));
        using CandidatePool other = CandidatePool.FromEmbeddings(Vectors.Create(1, 51, 40, VectorKind.Spread));
        await PoolIndex.BuildAsync(pool, _folder.Root, "", null, TestContext.Current.CancellationToken);
        using PoolIndex index = PoolIndex.Open(_folder.Root);
        Assert.Throws<ArgumentException>(() => other.UseIndex(index));
    }

    /// <summary>Every float16 there is.</summary>
    [Fact]
    public void Float16_AllValues_ConvertAsTheRuntimeDoes()
    {
        ushort[] halves = [.. Enumerable.Range(0, 65_536).Select(bits => (ushort)bits)];
        float[] converted = new float[halves.Length];
        Float16.Convert(halves, converted);
        for (int i = 0; i < halves.Length; i++)
        {
            Assert.Equal((float)BitConverter.UInt16BitsToHalf(halves[i]), converted[i]);
        }
    }
}
