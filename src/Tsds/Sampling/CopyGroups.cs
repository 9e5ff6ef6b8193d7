namespace Tsds.Sampling;

/// <summary>The groups of near-copies among the rows of a plan, and the weight of each row.</summary>
internal sealed class CopyGroups
{
    /// <summary>The group of a row that is a copy of none.</summary>
    public const int Alone = -1;

    private readonly double[] _weights;
    private readonly int[] _groupOf;

    /// <summary>Initializes groups.</summary>
    /// <param name="weights">1/ρ of each row.</param>
    /// <param name="groupOf">The group of each row, from 0 on, or <see cref="Alone"/>.</param>
    public CopyGroups(double[] weights, int[] groupOf)
    {
        _weights = weights;
        _groupOf = groupOf;
        GroupCount = groupOf.Max() + 1;
        CompensatedSum sum = default;
        foreach (double weight in weights)
        {
            sum.Add(weight);
        }

        SumOfWeights = sum.Value;
    }

    /// <summary>Gets 1/ρ of each row: the most chance that it may have.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>Gets the group of each row.</summary>
    public ReadOnlySpan<int> GroupOf => _groupOf;

    /// <summary>Gets the number of groups.</summary>
    public int GroupCount { get; }

    /// <summary>Gets the rows that all count as together.</summary>
    public double SumOfWeights { get; }
}
