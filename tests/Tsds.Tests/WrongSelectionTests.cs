namespace Tsds.Tests;

/// <summary>Input and options that a selection refuses.</summary>
public sealed class WrongSelectionTests
{
    [Fact]
    public async Task SelectAsync_WrongInput_SaysWhatWasExpectedAndFound()
    {
        using CandidatePool pool = Pool(Golden.ReadFloat32("syn_candidates.npy"), Normalization.L2, threads: 1);
        EmbeddingMatrix targets = Golden.ReadFloat32("syn_queries.npy");
        SelectionOptions options = new() { Budget = 10 };
        await Expect<ArgumentException>("dimension 24, found 3", new EmbeddingMatrix(new float[6], 3), options);
        await Expect<ArgumentException>("0 targets", new EmbeddingMatrix(ReadOnlyMemory<float>.Empty, 24), options);
        await Expect<InvalidDataException>("targets row 1, column 4", WithNaN(targets), options);
        await Expect<InvalidOperationException>("3,000 rows, found 3,001", targets, options with { Budget = 3001 });
        await Expect<ArgumentException>("one weight for each of 8", targets, options with { TargetWeights = [1] });
        await Expect<ArgumentException>(
            "TargetWeights[1]",
            targets,
            options with
            {
                TargetWeights = [1, 0, 1, 1, 1, 1, 1, 1],
            }
        );
        await Expect<ArgumentException>(
            "total variation",
            targets,
            options with
            {
                Regularizer = Regularizer.TotalVariation,
                EffectiveNeighbors = 4,
            }
        );
        await Expect<InvalidOperationException>("allow more memory", targets, options with { MemoryLimit = 1000 });

        async Task Expect<TException>(string part, EmbeddingMatrix wrong, SelectionOptions wrongOptions)
            where TException : Exception
        {
            TException error = await Assert.ThrowsAnyAsync<TException>(() =>
                DataSelector.SelectAsync(pool, wrong, wrongOptions)
            );
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        }

        static EmbeddingMatrix WithNaN(EmbeddingMatrix matrix)
        {
            float[] values = matrix.Values.ToArray();
            values[24 + 4] = float.NaN;
            return new EmbeddingMatrix(values, 24);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.PositiveInfinity)]
    public void Alpha_OutsideTheUnitInterval_Throws(double alpha) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            nameof(SelectionOptions.Alpha),
            () => new SelectionOptions { Budget = 1, Alpha = alpha }
        );

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(-1)]
    [InlineData(double.PositiveInfinity)]
    public void ScaleAndBandwidth_NotFiniteOrNegative_Throw(double value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(
            nameof(SelectionOptions.Scale),
            () => new SelectionOptions { Budget = 1, Scale = value }
        );
        Assert.Throws<ArgumentOutOfRangeException>(
            nameof(SelectionOptions.Bandwidth),
            () => new SelectionOptions { Budget = 1, Bandwidth = value }
        );
        Assert.Throws<ArgumentOutOfRangeException>(
            nameof(SelectionOptions.EffectiveNeighbors),
            () => new SelectionOptions { Budget = 1, EffectiveNeighbors = value }
        );
    }

    private static CandidatePool Pool(EmbeddingMatrix matrix, Normalization normalization, int threads) =>
        CandidatePool.FromEmbeddings(
            matrix,
            new CandidatePoolOptions { Normalization = normalization, ThreadCount = threads }
        );
}
