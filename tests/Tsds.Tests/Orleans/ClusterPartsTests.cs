using System.Security.Cryptography;
using CsCheck;
using Tsds.Data.Embedding;
using Tsds.Data.Store;
using Tsds.Orleans;
using Tsds.Orleans.Client;
using Tsds.Orleans.Wire;
using Tsds.Orleans.Workers;

namespace Tsds.Tests.Orleans;

/// <summary>The parts of a cluster that need no cluster.</summary>
public sealed class ClusterPartsTests
{
    [Theory]
    [InlineData("redis://127.0.0.1:6379/pool", "Redis", "redis://127.0.0.1:6379/pool")]
    [InlineData("redis://host/pool", "Redis", "redis://host:6379/pool")]
    [InlineData("rediss://host:6380/pool", "Redis", "rediss://host:6380/pool")]
    [InlineData("local:3", "Local", "local:3")]
    [InlineData("sql.json", "File", "sql.json")]
    public void Parse_Address_IsReadAndWritten(string text, string kind, string written)
    {
        ClusterAddress address = ClusterAddress.Parse(text);
        Assert.Equal(kind, address.Kind.ToString());
        Assert.Equal(written, address.ToString());
    }

    [Theory]
    [InlineData("redis://host")]
    [InlineData("redis://:password@host/pool")]
    [InlineData("http://host/pool")]
    [InlineData("local:0")]
    [InlineData("local:many")]
    [InlineData("host:6379")]
    public void Parse_NoAddress_SaysWhatOneIs(string text) =>
        Assert.Contains(
            "Expected a cluster such as redis://HOST:PORT/NAME",
            Assert.Throws<ArgumentException>(() => ClusterAddress.Parse(text)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Secret_Short_IsRefused() =>
        Assert.Throws<ArgumentException>(() =>
            new ClusterOptions { Address = ClusterAddress.Parse("local:1"), Secret = "short" }
        );

    [Fact]
    public void Deal_SectionsOfWhichSomeHaveOneHolder_SpreadsRowsAndNamesOrphans()
    {
        ClusterWorker[] workers = [Worker("b", 0, 1, 2, 3), Worker("a", 0, 1, 2, 3, 4), Worker("c", 4)];
        (Dictionary<ClusterWorker, List<int>> shares, List<int> orphans) = WorkShares.Deal(
            [10, 10, 10, 10, 10, 10],
            [0, 1, 2, 3, 4, 5],
            workers,
            (worker, section) => worker.Status.Sections.Contains(section)
        );
        Assert.Equal([5], orphans);
        Assert.Equal([0, 1], shares[workers[1]]);
        Assert.Equal([2, 3], shares[workers[0]]);
        Assert.Equal([4], shares[workers[2]]);

        // The order in which workers answer changes nothing.
        Array.Reverse(workers);
        Assert.Equal(
            shares.OrderBy(share => share.Key.Address).Select(share => string.Join(' ', share.Value)),
            WorkShares
                .Deal(
                    [10, 10, 10, 10, 10, 10],
                    [0, 1, 2, 3, 4, 5],
                    workers,
                    (worker, section) => worker.Status.Sections.Contains(section)
                )
                .Shares.OrderBy(share => share.Key.Address)
                .Select(share => string.Join(' ', share.Value))
        );
    }

    [Fact]
    public void Deal_AnySectionsAndHolders_DealsEachOnceAndTheHeaviestShareIsBounded() =>
        Gen.Select(Gen.Long[1, 1_000].Array[1, 40], Gen.Int[1, 6])
            .Sample(
                (rows, count) =>
                {
                    int[] all = [.. Enumerable.Range(0, rows.Length)];
                    ClusterWorker[] workers = [.. Enumerable.Range(0, count).Select(i => Worker($"w{i}", all))];
                    (Dictionary<ClusterWorker, List<int>> shares, List<int> orphans) = WorkShares.Deal(
                        rows,
                        all,
                        workers,
                        (worker, section) => true
                    );
                    Assert.Empty(orphans);
                    Assert.Equal(all, shares.Values.SelectMany(share => share).Order());
                    Assert.All(shares.Values, share => Assert.Equal(share.Order(), share));
                    Assert.True(
                        shares.Values.Max(share => share.Sum(section => rows[section]))
                            <= (rows.Sum() / (double)count) + rows.Max(),
                        "A share is larger than its part by more than a section."
                    );
                }
            );

    [Fact]
    public void Sections_AnyStore_CoverItOnceAndJoinWithoutAGap() =>
        Gen.Select(Gen.Int[1, 1_500], Gen.Int[0, 1_000_000])
            .Sample(
                (shards, seed) =>
                {
                    StoreManifest manifest = Manifest(shards);
                    IReadOnlyList<Section> sections = Section.Cut(manifest);
                    Assert.True(sections.Count >= Math.Min(shards, 4), "There is too little to spread.");
                    Section[] some = [.. sections.Where(section => (seed >> (section.Index % 20)) % 4 > 0)];
                    IReadOnlyList<Section>[] groups = [.. Section.Group(some)];
                    Assert.Equal(some, groups.SelectMany(group => group));
                    Assert.All(
                        groups,
                        group =>
                        {
                            Section joined = Section.Join(group);
                            Assert.Equal(group[0].FirstRow, joined.FirstRow);
                            Assert.Equal(group.Sum(section => section.Rows), joined.Rows);
                            Assert.Equal(
                                joined.EndShard - joined.FirstShard,
                                group.Sum(section => section.EndShard - section.FirstShard)
                            );
                            Assert.True(
                                joined.EndShard - joined.FirstShard <= 256,
                                "Too many rows are searched at once."
                            );
                        }
                    );
                    Assert.Equal(
                        (0, shards, shards * 10L),
                        (sections[0].FirstShard, sections[^1].EndShard, sections.Sum(section => section.Rows))
                    );
                }
            );

    [Fact]
    public void Blobs_Pieces_AreKeptOnceTheirHashIsRight()
    {
        byte[] bytes = [.. Enumerable.Range(0, 100).Select(i => (byte)i)];
        string id = Convert.ToHexStringLower(SHA256.HashData(bytes));
        BlobStore blobs = new(150);
        blobs.Put(id, 100, 0, bytes.AsSpan(0, 60));
        Assert.Equal(60, blobs.LengthOf(id));
        Assert.Null(blobs.Get(id));
        Assert.Throws<InvalidDataException>(() => blobs.Put(id, 100, 70, bytes.AsSpan(70)));
        Assert.Throws<InvalidDataException>(() => blobs.Put(id, 100, 60, new byte[41]));
        blobs.Put(id, 100, 60, bytes.AsSpan(60));
        Assert.Equal(bytes, blobs.Get(id));
        Assert.Throws<InvalidDataException>(() => blobs.Put("other", 1, 0, [1]));
        Assert.Throws<InvalidDataException>(() => blobs.Put("large", 151, 0, []));
        blobs.Put("next", 100, 0, [1]);
        Assert.Null(blobs.Get(id));
    }

    [Fact]
    public void Limits_OfSeveralWorkers_AreTheLeastAndToldOnce()
    {
        SharedLimits limits = new(2);
        int seen = 0;
        Assert.Null(limits.NewsSince(ref seen));
        limits.Add([3, double.PositiveInfinity]);
        limits.Add([4, 5]);
        Assert.Equal<double[]>([3, 5], limits.NewsSince(ref seen)!);
        Assert.Null(limits.NewsSince(ref seen));
        limits.Add([3, 6]);
        Assert.Null(limits.NewsSince(ref seen));
    }

    private static StoreManifest Manifest(int shards) =>
        StoreManifest.Begin(new StoreSettings("", false, new EmbedderOptions(), VectorPrecision.Full, null), "") with
        {
            Chunks =
            [
                .. Enumerable.Range(0, shards).Select(i => new StoreManifest.ChunkRecord($"{i}.npy", 10, "", "")),
            ],
        };

    private static ClusterWorker Worker(string address, params int[] sections) =>
        new(address, null!, new WorkerStatus(address, "", "", sections, 0, []));
}
