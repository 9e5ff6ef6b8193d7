namespace Tsds.Jobs.Inputs;

/// <summary>The outcome of a sieve: how many rows it left, and how much of what matters is among them.</summary>
/// <param name="PoolRows">The rows of the pool, all of which were scored.</param>
/// <param name="Rows">The rows that were left to be embedded, the shortlist.</param>
/// <param name="SampleRows">The rows of the random sample that the exact selection was made on.</param>
/// <param name="Learned">The rows of the sample that the model learnt from.</param>
/// <param name="Relevant">The rows of the rest of the sample, which the model has not seen, that the exact selection
/// on the sample takes at the budget.</param>
/// <param name="Found">Those of <paramref name="Relevant"/> that are in the shortlist.</param>
/// <param name="RecallLow">The lower end of the 95 % interval of <see cref="Recall"/> (Wilson 1927).</param>
/// <param name="RecallHigh">The upper end.</param>
public sealed record SieveResult(
    long PoolRows,
    long Rows,
    long SampleRows,
    long Learned,
    long Relevant,
    long Found,
    double RecallLow,
    double RecallHigh
)
{
    /// <summary>Gets the share of relevant rows that are in the shortlist; 1 if none was there to be found.</summary>
    public double Recall => Relevant == 0 ? 1 : (double)Found / Relevant;
}
