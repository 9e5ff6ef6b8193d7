using CsCheck;
using Tsds.Evaluation.Metrics;

namespace Tsds.Tests.Evaluation.Metrics;

/// <summary>The composition of a selection: diversity, copies, mixture, stability, influence.</summary>
public sealed class CompositionTests
{
    [Fact]
    public void VendiScore_OrthogonalAndEqualRows_CountsThem()
    {
        VendiScore orthogonal = VendiScore.Of(Vectors.Of(3, 1, 0, 0, 0, 2, 0, 0, 0, 3));
        Assert.Equal([3.0, 3, 3], [orthogonal.Order1, orthogonal.Order2, orthogonal.OrderInfinity], Approximately);
        VendiScore equal = VendiScore.Of(Vectors.Of(3, 1, 2, 3, 1, 2, 3, 2, 4, 6));
        Assert.Equal([1.0, 1, 1], [equal.Order1, equal.Order2, equal.OrderInfinity], Approximately);

        // Two equal rows and one orthogonal: eigenvalues 2/3 and 1/3.
        VendiScore mixed = VendiScore.Of(Vectors.Of(2, 1, 0, 1, 0, 0, 1));
        Assert.Equal(
            [3 / Math.Pow(2, 2 / 3.0), 9 / 5.0, 1.5],
            [mixed.Order1, mixed.Order2, mixed.OrderInfinity],
            Approximately
        );
    }

    [Fact]
    public void VendiScore_AnyRows_AreOrderedAndTheSameFromBothSides() =>
        Gen.Int[0, 1_000_000]
            .Sample(
                seed =>
                {
                    EmbeddingMatrix rows = Vectors.Random(12, 7, seed);
                    VendiScore score = VendiScore.Of(rows);
                    Assert.InRange(score.OrderInfinity, 1 - 1e-9, score.Order2 + 1e-9);
                    Assert.InRange(score.Order2, 1 - 1e-9, score.Order1 + 1e-9);
                    Assert.InRange(score.Order1, 1 - 1e-9, 7 + 1e-9);

                    // Every row twice, which turns [d, d] into the smaller side: the same spectrum.
                    int[] twice = [.. Enumerable.Range(0, 5), .. Enumerable.Range(0, 5)];
                    Assert.Equal(
                        VendiScore.Of(rows.Gather([0, 1, 2, 3, 4])).Order1,
                        VendiScore.Of(rows.Gather(twice)).Order1,
                        1e-6
                    );
                },
                iter: 30
            );

    [Fact]
    public void VendiScore_Centered_SeesPastACommonMean()
    {
        EmbeddingMatrix rows = Vectors.Random(100, 6, 3, shift: 30);
        Assert.True(VendiScore.Of(rows).Order1 < 1.5);
        Assert.True(VendiScore.Of(rows, VendiScore.MeanOf(rows)).Order1 > 4);
    }

    [Fact]
    public void Concentration_Weights_AreWhatAHandComputes()
    {
        Concentration even = Concentration.Of([2, 2, 0, 2, 2]);
        Assert.Equal((4, 4, 4), (even.Support, even.EffectiveSampleSize, Math.Round(even.Perplexity, 12)));
        Concentration uneven = Concentration.Of([3, 1]);
        Assert.Equal(1.6, uneven.EffectiveSampleSize, 1e-12);
        Assert.Equal(4 / Math.Pow(3, 0.75), uneven.Perplexity, 1e-12);
    }

    [Fact]
    public async Task DuplicateClusters_ChainOfCopies_IsOneCluster()
    {
        // 0, 0.4, 0.8 hang together at σ = 0.5, 3 and 3 are equal, 10 is alone.
        EmbeddingMatrix rows = Vectors.Of(1, 0, 0.4f, 0.8f, 3, 3, 10);
        DuplicateGroups clusters = await DuplicateGroups.WithinAsync(
            rows,
            0.5,
            2,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(new DuplicateGroups(5 / 6.0, 0.5, 3), clusters);
        DuplicateGroups alone = await DuplicateGroups.WithinAsync(
            Vectors.Of(1, 0, 1, 2),
            0.5,
            2,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(new DuplicateGroups(0, 0, 1), alone);
        Assert.Equal(new DuplicateGroups(0.5, 0.25, 2), DuplicateGroups.OfKeys(["a", "b", "a", "c"]));
    }

    [Fact]
    public void MinHashIndex_ChangedText_IsFoundWhereMostRunsStay()
    {
        string[] words = [.. Enumerable.Range(0, 100).Select(i => $"word{i}")];
        string text = string.Join(' ', words);
        string changed = string.Join(' ', [.. words[..^1], "other"]);
        string half = string.Join(' ', [.. words[..50], .. words[..50].Reverse()]);
        MinHashIndex index = new();
        Assert.Empty(index.Add(text));
        Assert.Equal(95 / 97.0, MinHashIndex.Similarity(text, changed), 1e-12);
        Assert.Equal([0], index.Add(changed));
        Assert.Empty(index.Add(half));
        Assert.Equal([0, 1], index.Find(text.ToUpperInvariant()));
        Assert.Empty(index.Find("three words only"));
    }

    [Fact]
    public void MinHashIndex_RandomTexts_FindsOnlyPairsAboveTheThreshold() =>
        Gen.Int[0, 9]
            .Select(word => $"w{word}")
            .Array[0, 12]
            .Select(words => string.Join(' ', words))
            .Array[2, 8]
            .Sample(
                texts =>
                {
                    MinHashIndex index = new();
                    for (int row = 0; row < texts.Length; row++)
                    {
                        Assert.All(
                            index.Add(texts[row]),
                            found => Assert.True(MinHashIndex.Similarity(texts[row], texts[found]) >= 0.8)
                        );
                        Assert.Contains(row, index.Find(texts[row]));
                    }
                },
                iter: 50
            );

    [Fact]
    public async Task LeakRate_CopiesOfTheTest_AreCounted()
    {
        double near = await LeakRate.OfEmbeddingsAsync(
            Vectors.Of(1, 0, 1, 2, 3),
            Vectors.Of(1, 0.1f, 9),
            0.5,
            1,
            TestContext.Current.CancellationToken
        );
        Assert.Equal(0.25, near);
        (double byText, double byOverlap) = LeakRate.OfTexts(["The  Answer\n", "another"], ["the answer", "x"]);
        Assert.Equal((0.5, 0.5), (byText, byOverlap));
    }

    [Fact]
    public void NeighborhoodOverlap_SameAndFarSets_AreWholeAndNone()
    {
        EmbeddingMatrix x = Vectors.Random(60, 4, 1);
        EmbeddingMatrix y = Vectors.Random(50, 4, 2);
        EmbeddingMatrix far = new(Array.ConvertAll(x.Values.ToArray(), value => value + 100), 4);
        NeighborhoodOverlap same = NeighborhoodOverlap.Of(Between(x, x), Between(x, x), Between(x, x));
        Assert.Equal((1, 1, 1), (same.Coverage, same.Precision, same.Recall));
        Assert.InRange(NeighborhoodOverlap.Of(Between(x, x), Between(x, y), Between(y, y)).Density, 0.7, 1.3);
        Assert.Equal(
            new NeighborhoodOverlap(0, 0, 0, 0),
            NeighborhoodOverlap.Of(Between(far, far), Between(far, y), Between(y, y))
        );
    }

    [Fact]
    public void NeighborhoodOverlap_PointsOnALine_IsWhatAHandComputes()
    {
        // Targets 0 … 6: the fifth nearest of 0 is at 5, of 3 at 3; rows at −4 and 100, whose balls reach each other.
        EmbeddingMatrix rows = Vectors.Of(1, -4, 100);
        EmbeddingMatrix targets = Vectors.Of(1, 0, 1, 2, 3, 4, 5, 6);
        NeighborhoodOverlap overlap = NeighborhoodOverlap.Of(
            Between(rows, rows),
            Between(rows, targets),
            Between(targets, targets)
        );
        Assert.Equal(new NeighborhoodOverlap(1 / 7.0, 1 / 10.0, 0.5, 1), overlap);
    }

    [Fact]
    public void Mixture_Divergence_IsSymmetricBoundedAndZeroForEqual()
    {
        Mixture left = Mixture.Of(["a", "a", "b", "b"]);
        Assert.Equal(0, left.DivergenceTo(Mixture.Of(["b", "a"])));
        Assert.Equal(Math.Log(2), left.DivergenceTo(Mixture.Of(["c"])), 1e-12);

        // (½, ½) against (1, 0): ½(½ ln(½/¾) + ½ ln 2) + ½ ln(4/3).
        double expected = (0.25 * Math.Log(2 / 3.0)) + (0.25 * Math.Log(2)) + (0.5 * Math.Log(4 / 3.0));
        Assert.Equal(expected, left.DivergenceTo(Mixture.Of(["a"])), 1e-12);
        Gen.Select(Labels, Labels)
            .Sample(
                (p, q) =>
                {
                    double forth = Mixture.Of(p).DivergenceTo(Mixture.Of(q));
                    Assert.Equal(forth, Mixture.Of(q).DivergenceTo(Mixture.Of(p)), 1e-12);
                    Assert.InRange(forth, 0, Math.Log(2));
                }
            );
    }

    [Fact]
    public void MeanJaccard_ThreeSelections_IsTheMeanOverPairs()
    {
        Assert.Equal(
            ((1 / 3.0) + (1 / 3.0) + 1) / 3,
            SelectionOverlap.MeanJaccard([new long[] { 1, 2 }, new long[] { 2, 3 }, new long[] { 2, 3 }]),
            1e-12
        );
        Assert.True(double.IsNaN(SelectionOverlap.MeanJaccard([new long[] { 1, 2 }])));
    }

    [Fact]
    public async Task TargetInfluence_AnyPlan_IsTheVariationToTheSelectionWithoutTheTarget() =>
        await Gen.Int[0, 100_000]
            .SampleAsync(
                async seed =>
                {
                    EmbeddingMatrix targets = Vectors.Random(4, 6, seed);
                    using CandidatePool pool = CandidatePool.FromEmbeddings(Vectors.Random(80, 6, seed + 1));
                    SelectionOptions options = new()
                    {
                        Budget = 5,
                        EffectiveNeighbors = 3.5,
                        Bandwidth = 0.4,
                        ThreadCount = 1,

                        // Without a target the others would be looked at anew.
                        Relevance = 0,
                    };
                    SelectionResult all = await DataSelector.SelectAsync(pool, targets, options);
                    double[] influences = TargetInfluence.Of(all.Plan, 4);
                    SelectionResult without = await DataSelector.SelectAsync(pool, targets.Gather([0, 1, 3]), options);
                    Assert.Equal(Variation(all.Plan, without.Plan), influences[2], 1e-9);
                    Assert.All(influences, influence => Assert.InRange(influence, 0, 1));
                },
                iter: 10,
                threads: 1
            );

    [Fact]
    public void TradeoffSensitivity_ByHand_IsTheQuotientAroundTheChosenPlan()
    {
        // Costs 1, 2, 2, 4, 5 at trade-offs 0, 1, 1, 3, ∞: a plateau at 1, and an end without a finite neighbor.
        (double Tradeoff, double Cost)[] points = [(0, 1), (1, 2), (1, 2), (3, 4), (double.PositiveInfinity, 5)];
        PathPoint[] path = [.. points.Select(point => new PathPoint(0.5, point.Tradeoff, 1, point.Cost, 1, 1))];
        Assert.Equal((4 - 1.0) / (3 - 0), TradeoffSensitivity.Of(path, 2 + 1e-12));
        Assert.Equal((2 - 1.0) / (1 - 0), TradeoffSensitivity.Of(path, 1));
        Assert.Equal((4 - 2.0) / (3 - 1), TradeoffSensitivity.Of(path, 4));
        Assert.Equal(double.NaN, TradeoffSensitivity.Of(path, 5));
        Assert.Equal(double.NaN, TradeoffSensitivity.Of(path[..1], 1));
    }

    /// <summary>
    /// Against selections made anew at the trade-offs on either side: what a user finds who turns alpha a little.
    /// </summary>
    [Fact]
    public async Task TradeoffSensitivity_OfASelection_IsWhatOtherAlphasGive()
    {
        EmbeddingMatrix targets = Vectors.Random(6, 5, 1);
        using CandidatePool pool = CandidatePool.FromEmbeddings(Vectors.Random(400, 5, 2));
        SelectionOptions options = new()
        {
            Budget = 40,
            Alpha = 0.5,
            ThreadCount = 1,
        };
        SelectionResult chosen = await DataSelector.SelectAsync(
            pool,
            targets,
            options,
            null,
            TestContext.Current.CancellationToken
        );
        int position = chosen
            .Path.Index()
            .MinBy(point => Math.Abs(point.Item.TransportCost - chosen.TransportCost))
            .Index;
        PathPoint[] sides = [chosen.Path[position - 1], chosen.Path[position + 1]];
        double[] costs = new double[2];
        for (int side = 0; side < 2; side++)
        {
            // The largest trade-off for which that plan is optimal, and a little less so that rounding does not decide.
            double tradeoff = sides[side].Tradeoff * (1 - 1e-9);
            SelectionOptions turned = options with
            {
                Budget = 1,
                Scale = chosen.Scale,
                Bandwidth = chosen.Bandwidth,
                Alpha = chosen.Scale / (chosen.Scale + tradeoff),
            };
            costs[side] = (
                await DataSelector.SelectAsync(pool, targets, turned, null, TestContext.Current.CancellationToken)
            ).TransportCost;
        }

        double sensitivity = TradeoffSensitivity.Of(chosen.Path, chosen.TransportCost);
        Assert.True(sensitivity > 0);
        Assert.Equal((costs[1] - costs[0]) / (sides[1].Tradeoff - sides[0].Tradeoff), sensitivity, 1e-6 * sensitivity);
    }

    [Fact]
    public void TextVariety_Repetitions_AreWhatAHandComputes()
    {
        // the cat the cat | the dog: 3 different of 6 words; the-cat, cat-the, the-dog of 4 pairs, none across texts.
        Assert.Equal(new TextVariety(3 / 6.0, 3 / 4.0), TextVariety.Of(["the cat The cat", "the dog"], 100));
        Assert.Equal(new TextVariety(2 / 4.0, 2 / 3.0), TextVariety.Of(["the cat The cat", "the dog"], 4));
        Assert.Equal(new TextVariety(1, double.NaN), TextVariety.Of(["the", "cat"], 2));
    }

    [Fact]
    public void MeanOfPairs_ThreeRows_LeavesOutEachWithItself()
    {
        EmbeddingMatrix rows = Vectors.Of(1, 0, 3, 4);
        Assert.Equal((3 + 4 + 1) / 3.0, Between(rows, rows).MeanOfPairs(), 1e-12);
        Assert.Equal(double.NaN, Between(rows.Gather([0]), rows.Gather([0])).MeanOfPairs());
    }

    private static Gen<string[]> Labels => Gen.Int[0, 4].Select(label => $"{label}").Array[1, 9];

    private static bool Approximately(double x, double y) => Math.Abs(x - y) < 1e-9;

    private static DistanceMatrix Between(EmbeddingMatrix x, EmbeddingMatrix y) => DistanceMatrix.Between(x, y, 1);

    private static double Variation(TransportPlan first, TransportPlan second)
    {
        Dictionary<long, double> difference = [];
        Add(first, 1);
        Add(second, -1);
        return difference.Values.Sum(Math.Abs) / 2;

        void Add(TransportPlan plan, int sign)
        {
            for (int i = 0; i < plan.CandidateIds.Length; i++)
            {
                long id = plan.CandidateIds.Span[i];
                difference[id] = difference.GetValueOrDefault(id) + (sign * plan.Probabilities.Span[i]);
            }
        }
    }
}
