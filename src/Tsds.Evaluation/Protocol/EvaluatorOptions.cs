namespace Tsds.Evaluation.Protocol;

/// <summary>The settings of an evaluation.</summary>
internal sealed record EvaluatorOptions
{
    /// <summary>Gets the seed of splits, random selections, subsamples and resamples.</summary>
    /// <value>The default is 0.</value>
    public ulong Seed { get; init; }

    /// <summary>Gets the number of random selections that define skill 0.</summary>
    /// <value>At least 1. The default is 10.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int RandomCount
    {
        get;
        init => field = AtLeastOne(value, nameof(RandomCount));
    } = 10;

    /// <summary>Gets the number of resamples of the held-out targets behind each interval.</summary>
    /// <value>At least 1. The default is 1,000.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int ResampleCount
    {
        get;
        init => field = AtLeastOne(value, nameof(ResampleCount));
    } = 1_000;

    /// <summary>
    /// Gets the largest number of rows of a selection that are compared with the targets; larger selections are
    /// subsampled.
    /// </summary>
    /// <value>At least 1. The default is 2,000.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int LargestSample
    {
        get;
        init => field = AtLeastOne(value, nameof(LargestSample));
    } = 2_000;

    /// <summary>Gets the number of subsamples of a selection.</summary>
    /// <value>At least 1. The default is 10.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int RepeatCount
    {
        get;
        init => field = AtLeastOne(value, nameof(RepeatCount));
    } = 10;

    /// <summary>
    /// Gets the number of words on which language models are trained, the same for every selection; null for half of
    /// the words of a random selection.
    /// </summary>
    /// <value>
    /// At least 1, or null. The default is null. A selection with fewer words is trained on all of them, and its
    /// scorecard says so.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int? WordCount
    {
        get;
        init => field = value is { } count ? AtLeastOne(count, nameof(WordCount)) : null;
    }

    /// <summary>Gets the bandwidth σ within which two rows are copies, or 0 to look for copies by text alone.</summary>
    /// <value>Finite and not negative. The default is 0.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public double Bandwidth
    {
        get;
        init
        {
            if (!(value >= 0 && double.IsFinite(value)))
            {
                throw new ArgumentOutOfRangeException(
                    nameof(Bandwidth),
                    value,
                    "Expected a finite number that is not negative."
                );
            }

            field = value;
        }
    }

    /// <summary>
    /// Gets a value indicating whether the slow metrics are computed too: Sinkhorn divergence, sliced W1, two-sample
    /// test, neighborhood overlap, W2².
    /// </summary>
    public bool IsDetailed { get; init; }

    /// <summary>Gets the number of threads. Scorecards do not depend on it.</summary>
    /// <value>At least 1. The default is the number of processors.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int ThreadCount
    {
        get;
        init => field = AtLeastOne(value, nameof(ThreadCount));
    } = Environment.ProcessorCount;

    private static int AtLeastOne(int value, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, name);
        return value;
    }
}
