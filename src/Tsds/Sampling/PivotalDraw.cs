namespace Tsds.Sampling;

/// <summary>
/// The ordered pivotal method: two undecided rows duel until one is decided. The size is fixed and the inclusion
/// probabilities are exact.
/// </summary>
/// <seealso href="https://doi.org/10.1093/biomet/85.1.89">Deville, Tillé 1998, Unequal probability sampling without
/// replacement</seealso>
internal sealed class PivotalDraw(CounterRandom random)
{
    // Sums of inclusion probabilities reach whole numbers only up to rounding.
    private const double Rounding = 1e-9;

    /// <summary>Gets the positions drawn so far, in the order in which they were decided.</summary>
    public List<int> Drawn { get; } = [];

    /// <summary>Gets the position that is not decided yet, or −1.</summary>
    public int Pivot { get; private set; } = -1;

    /// <summary>Gets the chance that <see cref="Pivot"/> carries.</summary>
    public double PivotInclusion { get; private set; }

    /// <summary>Adds a row to the duels.</summary>
    /// <param name="position">The row.</param>
    /// <param name="inclusion">Its inclusion probability.</param>
    /// <param name="counter">The number of the duel, different for each row.</param>
    public void Add(int position, double inclusion, ulong counter)
    {
        if (inclusion >= 1 - Rounding)
        {
            Drawn.Add(position);
            return;
        }

        if (Pivot < 0)
        {
            (Pivot, PivotInclusion) = (position, inclusion);
            return;
        }

        double sum = PivotInclusion + inclusion;
        double uniform = random.Uniform(counter);
        if (sum < 1 - Rounding)
        {
            // One of the two leaves without being drawn; the other carries both chances on.
            Pivot = uniform * sum < inclusion ? position : Pivot;
            PivotInclusion = sum;
            return;
        }

        // One of the two is drawn; the other continues with the remaining probability.
        double left = Math.Max(0, sum - 1);
        bool drawsPivot = uniform * (2 - sum) < 1 - inclusion;
        Drawn.Add(drawsPivot ? Pivot : position);
        (Pivot, PivotInclusion) = left > Rounding ? (drawsPivot ? position : Pivot, left) : (-1, 0);
    }
}
