using System.Globalization;

namespace Tsds;

/// <summary>
/// The settings of a selection. Every property is checked when it is set, so that an invalid instance cannot exist.
/// </summary>
/// <remarks>
/// The defaults answer "B rows, nearest first, copies counted once, targets served evenly": <see cref="Scale"/> and
/// <see cref="Bandwidth"/> follow from budget and data (docs/method.md, section "Automatic settings").
/// </remarks>
public sealed record SelectionOptions
{
    /// <summary>Gets the number of rows to draw, B.</summary>
    /// <value>At least 1.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public required long Budget
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(Budget));
            field = value;
        }
    }

    /// <summary>Gets the diversity term.</summary>
    /// <value>The default is <see cref="Regularizer.Density"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public Regularizer Regularizer
    {
        get;
        init
        {
            if (!Enum.IsDefined(value))
            {
                throw new ArgumentOutOfRangeException(nameof(Regularizer), value, "Expected a defined regularizer.");
            }

            field = value;
        }
    }

    /// <summary>
    /// Gets the alignment weight α: 0 is most diverse, 1 sends every target to its nearest candidate.
    /// </summary>
    /// <value>From 0 to 1. The default is 0.5.</value>
    /// <remarks>
    /// Only the trade-off T = C(1 − α)/α matters. Ignored when <see cref="EffectiveNeighbors"/> is set.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside [0, 1] or NaN.</exception>
    public double Alpha
    {
        get;
        init
        {
            ThrowHelper.ThrowIfNotInUnitInterval(value, nameof(Alpha));
            field = value;
        }
    } = 0.5;

    /// <summary>Gets the distance scale C, or null for the budget-matched scale.</summary>
    /// <value>Finite and positive, in the unit of distance, or null. The default is null.</value>
    /// <remarks>
    /// Null chooses C so that α = 0.5 is the most aligned plan from which <see cref="Budget"/> distinct rows can be
    /// drawn.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double? Scale
    {
        get;
        init
        {
            if (value is { } scale)
            {
                ThrowHelper.ThrowIfNotFiniteOrNotPositive(scale, nameof(Scale));
            }

            field = value;
        }
    }

    /// <summary>Gets the effective neighbors s of each target, in place of α and C; or null.</summary>
    /// <value>Finite and positive, or null. The default is null. The cap of the plan is γ_ij ≤ μ_i / (ρ_j s).</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double? EffectiveNeighbors
    {
        get;
        init
        {
            if (value is { } neighbors)
            {
                ThrowHelper.ThrowIfNotFiniteOrNotPositive(neighbors, nameof(EffectiveNeighbors));
            }

            field = value;
        }
    }

    /// <summary>
    /// Gets the different rows that <see cref="Budget"/> independent draws shall give on average, in place of α and C;
    /// or null.
    /// </summary>
    /// <value>
    /// Finite and positive, or null. The default is null. The most aligned plan with Σ_j 1 − (1 − p_j)^B at least this
    /// is chosen.
    /// </value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double? ExpectedDistinct
    {
        get;
        init
        {
            if (value is { } rows)
            {
                ThrowHelper.ThrowIfNotFiniteOrNotPositive(rows, nameof(ExpectedDistinct));
            }

            field = value;
        }
    }

    /// <summary>
    /// Gets the share θ of the budget that the plan under the automatic scale delivers as distinct rows: Σ_j min(1, B
    /// p_j) ≥ θB.
    /// </summary>
    /// <value>Between 0 and 1. 0.5; other values are for experiments.</value>
    internal double BudgetShare { get; init; } = 0.5;

    /// <summary>
    /// Gets λ, what it costs a candidate to be as unlike the targets as a group as the pool is on average; 0 for
    /// nothing.
    /// </summary>
    /// <value>
    /// Finite and not negative, in units of tr Σ_P, the pool's mean squared distance from its mean (nearly 1 for
    /// centered unit vectors). The default is 0.4.
    /// </value>
    /// <remarks>
    /// d_ij² = ‖q_i − x_j‖² + λ' tr Σ_P max(0, (r_Q − r(x_j)) / (r_Q − r_P)), r the discriminant between the targets
    /// and the pool. λ' is λ less what few targets do not bear out; it is 0 for a task whose targets do not differ from
    /// the pool. Source: docs/method.md, section "Relevance".
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public double Relevance
    {
        get;
        init
        {
            ThrowHelper.ThrowIfNotFiniteOrNegative(value, nameof(Relevance));
            field = value;
        }
    } = 0.4;

    /// <summary>
    /// Gets whether candidates and targets are centered at the pool's mean and scaled to norm 1 again before anything
    /// else.
    /// </summary>
    /// <value>
    /// The default is true. Under <see cref="Normalization.None"/> it changes nothing, as no distance depends on the
    /// origin there.
    /// </value>
    public bool Center { get; init; } = true;

    /// <summary>Gets the task of each target, or null where all are of one.</summary>
    /// <value>
    /// One number per target, from 0 to tasks − 1; every task has a target. The default is null. Each task has its own
    /// discriminant, and its targets pay its costs; a search of the pool is made for each.
    /// </value>
    public IReadOnlyList<int>? TargetTasks { get; init; }

    /// <summary>Gets κ, the ridge of the discriminant in mean variances of the pool.</summary>
    /// <value>5; other values are for experiments.</value>
    internal double RelevanceRidge { get; init; } = 5;

    /// <summary>Gets how much of the noise in the mean of few targets is taken off λ.</summary>
    /// <value>1, all of it; other values are for experiments, 0 takes nothing off.</value>
    internal double RelevanceCaution { get; init; } = 1;

    /// <summary>
    /// Gets the bandwidth σ of the density; 0 turns the density off, null follows the data's nearest-neighbor
    /// distances.
    /// </summary>
    /// <value>Finite and not negative, in the unit of distance, or null. The default is null.</value>
    /// <remarks>Read only under <see cref="Regularizer.Density"/>.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public double? Bandwidth
    {
        get;
        init
        {
            if (value is { } bandwidth)
            {
                ThrowHelper.ThrowIfNotFiniteOrNegative(bandwidth, nameof(Bandwidth));
            }

            field = value;
        }
    }

    /// <summary>Gets the candidates over which densities are summed.</summary>
    /// <value>The default is <see cref="DensityBase.Pool"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public DensityBase DensityBase
    {
        get;
        init
        {
            if (!Enum.IsDefined(value))
            {
                throw new ArgumentOutOfRangeException(nameof(DensityBase), value, "Expected a defined density base.");
            }

            field = value;
        }
    }

    /// <summary>Gets the sampling method by which rows are drawn from the probabilities.</summary>
    /// <value>The default is <see cref="SamplingMethod.Distinct"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not defined.</exception>
    public SamplingMethod Sampling
    {
        get;
        init
        {
            if (!Enum.IsDefined(value))
            {
                throw new ArgumentOutOfRangeException(nameof(Sampling), value, "Expected a defined sampling method.");
            }

            field = value;
        }
    }

    /// <summary>
    /// Gets whether near-copies share one row's chance in a draw without repeats, as they share it in the plan.
    /// </summary>
    /// <value>
    /// The default is true: a row is included with probability at most 1/ρ, and rows within half a bandwidth of one
    /// another are decided among themselves first. False lets each be drawn for itself, with probability up to 1.
    /// </value>
    /// <remarks>Read only under <see cref="SamplingMethod.Distinct"/>.</remarks>
    public bool CopiesShareDraw { get; init; } = true;

    /// <summary>Gets the seed of the draw.</summary>
    /// <value>
    /// The default is 0. The same seed and input give the same rows, on any machine and any number of threads.
    /// </value>
    public ulong Seed { get; init; }

    /// <summary>Gets the weights of the targets, or null for equal weights.</summary>
    /// <value>One finite, positive number per target; they are divided by their sum. The default is null.</value>
    public IReadOnlyList<double>? TargetWeights { get; init; }

    /// <summary>
    /// Gets the threads that the solver uses. The selection does not depend on it; a pool has its own.
    /// </summary>
    /// <value>At least 1. The default is the number of processors.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int ThreadCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(ThreadCount));
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>
    /// Gets the memory limit of the selection in addition to its pool, in bytes, or null for no limit.
    /// </summary>
    /// <remarks>
    /// Passes over the pool are split so that each takes a quarter of it at most; neighbors and plan are refused beyond
    /// three quarters.
    /// </remarks>
    /// <value>Positive, or null. The default is null.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public long? MemoryLimit
    {
        get;
        init
        {
            if (value is { } limit)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(MemoryLimit));
            }

            field = value;
        }
    }

    /// <summary>Throws if the budget cannot be drawn from so many candidates.</summary>
    /// <param name="candidateCount">The number of candidates.</param>
    /// <param name="copyCount">Those among them that are the same as another one, which stands for them.</param>
    /// <exception cref="InvalidOperationException">The budget is larger than the number of different candidates, and
    /// rows are drawn without replacement.</exception>
    public void ThrowIfBudgetAbove(long candidateCount, long copyCount = 0)
    {
        if (Sampling != SamplingMethod.Multinomial && Budget > candidateCount - copyCount)
        {
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Expected a budget of at most the pool's {candidateCount - copyCount:N0} "
                        + $"{(copyCount > 0 ? "different rows" : "rows")}, found "
                        + $"{Budget:N0}; ask for fewer rows, or sample with replacement (multinomial)."
                )
            );
        }
    }
}
