using Tsds.Data.Embedding;

namespace Tsds.Tests.Data.Embedding;

public sealed class JoinedEmbedderTests
{
    [Fact]
    public async Task EmbedAsync_Blocks_HaveTheirSharesOfASquaredDistance()
    {
        using JoinedEmbedder joined = new([
            (new FixedEmbedder("a", _ => [3, 4]), 0.36),
            (new FixedEmbedder("b", _ => [0, 5, 0]), 0.64),
        ]);
        EmbeddingMatrix vectors = await joined.EmbedAsync(
            ["x"],
            TextRole.Passage,
            TestContext.Current.CancellationToken
        );
        Assert.Equal([0.36f, 0.48f, 0, 0.8f, 0], vectors[0].ToArray());
    }

    [Fact]
    public async Task EmbedAsync_ZeroBlock_LeavesTheTextToTheOthers()
    {
        using JoinedEmbedder joined = new([
            (new FixedEmbedder("a", text => text == "known" ? [1, 0] : [0, 0]), 0.5),
            (new FixedEmbedder("b", text => text == "nothing" ? [0] : [-2]), 0.5),
        ]);
        EmbeddingMatrix vectors = await joined.EmbedAsync(
            ["known", "unknown", "nothing"],
            TextRole.Query,
            TestContext.Current.CancellationToken
        );
        Assert.Equal([(float)Math.Sqrt(0.5), 0, -(float)Math.Sqrt(0.5)], vectors[0].ToArray());
        Assert.Equal([0, 0, -1], vectors[1].ToArray());
        Assert.Equal([0, 0, 0], vectors[2].ToArray());
    }

    [Fact]
    public void IdentityOf_SharesAndParts_AreNamed()
    {
        using JoinedEmbedder joined = new([
            (new FixedEmbedder("a", _ => []), 0.3),
            (new FixedEmbedder("b", _ => []), 0.7),
        ]);
        Assert.Equal("0.3 a/Query + 0.7 b/Query", joined.IdentityOf(TextRole.Query));
    }

    private sealed class FixedEmbedder(string name, Func<string, float[]> embed) : IEmbedder
    {
        public string IdentityOf(TextRole role) => $"{name}/{role}";

        public ValueTask<EmbeddingMatrix> EmbedAsync(
            IReadOnlyList<string> texts,
            TextRole role,
            CancellationToken cancellationToken
        )
        {
            float[][] vectors = [.. texts.Select(embed)];
            return ValueTask.FromResult(
                new EmbeddingMatrix(vectors.SelectMany(vector => vector).ToArray(), vectors[0].Length)
            );
        }

        public void Dispose() { }
    }
}
