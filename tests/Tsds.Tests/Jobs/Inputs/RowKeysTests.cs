using CsCheck;
using Tsds.Jobs.Inputs;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Jobs.Inputs;

public sealed class RowKeysTests
{
    private static readonly string[] Words = ["a", "b", "cd", "e", " ", "  ", "\t", "\n", "\u00a0"];

    [Fact]
    public void Find_AnyTexts_AreThoseWithTheWordsOfAnEarlierOne() =>
        Gen.Int[0, Words.Length - 1]
            .Array[0, 6]
            .Select(words => string.Concat(words.Select(word => Words[word])))
            .Array[0, 200]
            .Sample(texts =>
            {
                RowKeys keys = new();
                for (int row = 0; row < texts.Length; row++)
                {
                    keys.Add(row, texts[row]);
                }

                PoolCopies copies = keys.Find();
                Dictionary<string, long> firsts = [];
                List<long> expected = [];
                for (int row = 0; row < texts.Length; row++)
                {
                    string words = string.Join(
                        ' ',
                        texts[row].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                    );
                    bool isCopy = words.Length > 0 && !firsts.TryAdd(words, row);
                    Assert.Equal(isCopy ? firsts[words] : null, copies.FirstOf(row));
                    if (isCopy)
                    {
                        expected.Add(row);
                    }
                }

                Assert.Equal(expected.Count, copies.Count);
                Assert.Equal(expected, copies.Hide(default));
            });

    [Fact]
    public async Task FindByEmbeddingAsync_CopiesOfRows_AreFoundWhoeverHoldsThem()
    {
        EmbeddingMatrix rows = TestPools.Vectors.Create(1, 40, 5, TestPools.VectorKind.Spread);
        EmbeddingMatrix all = rows.Gather([.. Enumerable.Range(0, 40), 7, 39, 7]);
        using CandidatePool whole = CandidatePool.FromEmbeddings(all);
        using CandidatePool first = CandidatePool.FromEmbeddings(all.Gather([.. Enumerable.Range(0, 20)]));
        using CandidatePool second = CandidatePool.FromEmbeddings(all.Gather([.. Enumerable.Range(20, 23)]));
        foreach (ICandidatePool pool in new ICandidatePool[] { whole, new ShardedPool([first, second]) })
        {
            PoolCopies copies = await RowKeys.FindByEmbeddingAsync(pool, TestContext.Current.CancellationToken);
            Assert.Equal([40L, 41, 42], copies.Hide(default));
            Assert.Equal([7L, 39, 7], new long[] { 40, 41, 42 }.Select(row => copies.FirstOf(row)!.Value));
            Assert.Equal([3L, 40, 41, 42], copies.Hide(new long[] { 3, 41 }));
        }
    }

    /// <summary>A pool may give different embeddings one key: what counts are the embeddings.</summary>
    [Fact]
    public async Task FindByEmbeddingAsync_KeysThatAllRowsShare_FindsTheCopiesAlone()
    {
        EmbeddingMatrix rows = TestPools.Vectors.Create(2, 30, 3, TestPools.VectorKind.Spread);
        using CandidatePool pool = CandidatePool.FromEmbeddings(rows.Gather([.. Enumerable.Range(0, 30), 4, 4, 12]));
        PoolCopies copies = await RowKeys.FindByEmbeddingAsync(
            new OneKeyPool(pool),
            TestContext.Current.CancellationToken
        );
        Assert.Equal([(30L, 4L), (31L, 4L), (32L, 12L)], copies.All);
    }

    [Fact]
    public void AddTo_ReachedRows_ListsTheirCopiesWithThem()
    {
        PoolCopies copies = new([10, 11, 12, 13], [4, 2, 4, 9]);
        DuplicateGroup near = new(0, 5, [new GroupMember(4, 0.2, 0.2, 1), new GroupMember(5, 0, 0.2, 0)]);
        IReadOnlyList<DuplicateGroup> clusters = copies.AddTo([near], new long[] { 2, 4, 5 }, row => row == 2 ? 3 : 0);
        Assert.Equal([0, 1], clusters.Select(cluster => cluster.Cluster));
        Assert.Equal([new GroupMember(2, 0, 0, 3), new GroupMember(11, 0, 0, 0, 2)], clusters[0].Members);
        Assert.Equal(5, clusters[1].Representative);
        Assert.Equal(
            [.. near.Members, new GroupMember(10, 0.2, 0, 0, 4), new GroupMember(12, 0.2, 0, 0, 4)],
            clusters[1].Members
        );
    }

    /// <summary>A pool with one key for all of its rows.</summary>
    private sealed class OneKeyPool(CandidatePool pool) : UnknownPool(pool), ICandidatePool
    {
        public ValueTask<UInt128[]> ReadKeysAsync(
            long firstId,
            int count,
            CancellationToken cancellationToken = default
        ) => ValueTask.FromResult(new UInt128[count]);
    }
}
