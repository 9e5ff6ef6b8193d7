using CsCheck;
using Tsds.Evaluation.Metrics;

namespace Tsds.Tests.Evaluation.Metrics;

public sealed class NgramDistributionTests
{
    private static readonly Gen<string> Texts = Gen.Int[0, 30]
        .Select(word => $"w{word}")
        .Array[0, 20]
        .Select(words => string.Join(' ', words));

    [Fact]
    public void BucketOf_KnownNgrams_IsTheHashModuloTenThousand()
    {
        // The number that SHA-256 spells, by long division, and once as published: sha256("a") = ca978112…48bb.
        foreach (string ngram in new[] { "a", "the cat", "straße", "" })
        {
            byte[] hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(ngram));
            Assert.Equal(
                (int)(new System.Numerics.BigInteger(hash, isUnsigned: true, isBigEndian: true) % 10_000),
                HashedNgrams.BucketOf(ngram)
            );
        }
    }

    [Fact]
    public void Count_ThreeWords_HoldsWordsAndPairs()
    {
        (int Bucket, int Count)[] counts = HashedNgrams.Count("The cat. THE");
        Assert.Equal(7, counts.Sum(pair => pair.Count));
        Assert.Equal(2, counts.Single(pair => pair.Bucket == HashedNgrams.BucketOf("the")).Count);
        Assert.Contains(counts, pair => pair.Bucket == HashedNgrams.BucketOf("cat ."));
        Assert.Empty(HashedNgrams.Count(" \n"));
    }

    [Fact]
    public void DivergenceTo_AnyTexts_IsZeroOnlyForItself() =>
        Gen.Select(Texts.Array[1, 5], Texts.Array[1, 5])
            .Sample(
                (left, right) =>
                {
                    NgramDistribution p = Of(left);
                    NgramDistribution q = Of(right);
                    Assert.Equal(0, p.DivergenceTo(Of([.. left.Reverse()])));
                    Assert.InRange(p.DivergenceTo(q), 0, Math.Log(1e8) + 1e-9);
                    Assert.Equal(0, NgramDistribution.Reduction(p, q, q));
                }
            );

    [Fact]
    public void DivergenceTo_OneWordAgainstTwo_IsWhatAHandComputes()
    {
        // {a: 1} against {a: ½, b: ½}, each smoothed by 1e-8.
        double z = 1 + 1e-4;
        double p = (1 + 1e-8) / z;
        double none = 1e-8 / z;
        double half = (0.5 + 1e-8) / z;
        double expected = (p * Math.Log(p / half)) + (none * Math.Log(none / half));
        NgramDistribution left = Of(["a"]);
        NgramDistribution right = Of(["a", "b"]);
        Assert.Equal(expected, left.DivergenceTo(right), 1e-12);
    }

    [Fact]
    public void Reduction_SelectionLikeTheTargets_IsPositive() =>
        Assert.True(
            NgramDistribution.Reduction(Of(["red fox"]), Of(["blue whale", "red fox", "grey owl"]), Of(["a red fox"]))
                > 0
        );

    private static NgramDistribution Of(IEnumerable<string> texts)
    {
        NgramDistribution distribution = new();
        foreach (string text in texts)
        {
            distribution.Add(HashedNgrams.Count(text));
        }

        return distribution;
    }
}
