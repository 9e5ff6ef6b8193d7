using Tsds.Pools;

namespace Tsds.Tests.Pools;

public sealed class EmbeddingKeysTests
{
    /// <summary>Lengths that fill words and pairs of words, and those that do not.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(384)]
    public void KeyOf_EmbeddingsThatDifferInABit_Differ(int dimension)
    {
        float[] embedding = TestPools.Vectors.Create(3, 1, dimension, TestPools.VectorKind.Spread)[0].ToArray();
        HashSet<UInt128> keys = [EmbeddingKeys.KeyOf(embedding)];
        for (int element = 0; element < dimension; element++)
        {
            for (int bit = 0; bit < 32; bit++)
            {
                float[] other = [.. embedding];
                other[element] = BitConverter.UInt32BitsToSingle(
                    BitConverter.SingleToUInt32Bits(embedding[element]) ^ (1u << bit)
                );
                Assert.True(keys.Add(EmbeddingKeys.KeyOf(other)));
                Assert.Equal(EmbeddingKeys.KeyOf(other), EmbeddingKeys.KeyOf([.. other]));
            }
        }
    }

    /// <summary>Elements that change places, as rows of zeros and ones have them.</summary>
    [Fact]
    public void KeyOf_OneElementAtAnyPlace_Differs()
    {
        HashSet<UInt128> keys = [EmbeddingKeys.KeyOf(new float[64])];
        for (int place = 0; place < 64; place++)
        {
            float[] embedding = new float[64];
            embedding[place] = 1;
            Assert.True(keys.Add(EmbeddingKeys.KeyOf(embedding)));
        }
    }

    /// <summary>A pool on this machine reads its rows by itself; all others are read by their embeddings.</summary>
    [Theory]
    [InlineData(0, 30)]
    [InlineData(11, 9)]
    [InlineData(30, 0)]
    public async Task ReadKeys_OfAPool_AreThoseOfItsEmbeddings(long first, int count)
    {
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        ICandidatePool pool = CandidatePool.FromEmbeddings(
            TestPools.Vectors.Create(7, 30, 5, TestPools.VectorKind.Lengths)
        );
        Assert.Equal(
            await EmbeddingKeys.ReadAsync(pool, first, count, cancellation),
            await pool.ReadKeysAsync(first, count, cancellation)
        );
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () =>
            await pool.ReadKeysAsync(first, count + 31, cancellation)
        );
    }
}
