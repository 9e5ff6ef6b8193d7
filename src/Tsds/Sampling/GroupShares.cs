using System.Globalization;

namespace Tsds.Sampling;

/// <summary>
/// Computes inclusion probabilities min(a_j, c_g p_j) that spend a total and keep each group within its bounds; a_j is
/// the most that a row may have: 1, or what a near-copy has of one row's chance.
/// </summary>
/// <remarks>
/// Of all such probabilities these are nearest to the unbounded ones in the sense of Kullback and Leibler: the groups
/// inside their bounds share one factor c, and a group at a bound has the factor that puts it there. c is found by
/// bisection, Σ_g clamp(S_g(c), least_g, most_g) = total, S_g(c) = Σ_j cost_j min(a_j, c p_j).
/// </remarks>
internal sealed class GroupShares
{
    private const int Halvings = 120;

    private readonly double[] _probabilities;
    private readonly double[] _caps;
    private readonly long[] _costs;
    private readonly int[] _groupOf;
    private readonly double _largestFactor;
    private readonly double[] _least;
    private readonly double[] _most;

    private GroupShares(
        double[] probabilities,
        double[] caps,
        long[] costs,
        int[] groupOf,
        IReadOnlyList<DrawGroup> groups,
        double total
    )
    {
        _probabilities = probabilities;
        _caps = caps;
        _costs = costs;
        _groupOf = groupOf;
        _largestFactor = caps.Zip(probabilities, (cap, probability) => cap / probability).Max();
        Aims = new double[groups.Count];
        Factors = new double[groups.Count];
        double[] capacities = Spend(_largestFactor);
        _least = [.. groups.Select(group => group.Least * total)];
        _most = [.. groups.Select((group, g) => Math.Min(group.Most * total, capacities[g]))];
        Problem = Check(groups, capacities, _least, _most, total);

        // A floor that requires all of a group may lie above its capacity by rounding.
        _least = [.. _least.Select((least, g) => Math.Min(least, _most[g]))];
    }

    /// <summary>Gets the reason why the bounds or the total cannot be met; null if they can.</summary>
    private string? Problem { get; }

    /// <summary>Gets the expected cost of each group.</summary>
    public double[] Aims { get; private set; }

    /// <summary>Gets the factor of each group.</summary>
    public double[] Factors { get; }

    /// <summary>Computes the shares of groups.</summary>
    /// <param name="probabilities">Positive.</param>
    /// <param name="caps">The most that each may have, positive and at most 1; empty for 1 each. Where they do not hold
    /// the total within the bounds, each may have 1.</param>
    /// <param name="costs">Not negative.</param>
    /// <param name="groupOf">The group of each.</param>
    /// <param name="groups">The groups with their bounds.</param>
    /// <param name="total">The total to spend.</param>
    /// <exception cref="InvalidOperationException">The bounds, or the total, cannot be met; the message says what
    /// would.</exception>
    public static GroupShares Create(
        ReadOnlySpan<double> probabilities,
        ReadOnlySpan<double> caps,
        long[] costs,
        int[] groupOf,
        IReadOnlyList<DrawGroup> groups,
        double total
    )
    {
        double[] ones = new double[probabilities.Length];
        Array.Fill(ones, 1);
        GroupShares shares = new(
            probabilities.ToArray(),
            caps.IsEmpty ? ones : caps.ToArray(),
            costs,
            groupOf,
            groups,
            total
        );
        if (shares.Problem is not null && !caps.IsEmpty)
        {
            shares = new GroupShares(probabilities.ToArray(), ones, costs, groupOf, groups, total);
        }

        if (shares.Problem is { } problem)
        {
            throw new InvalidOperationException(problem);
        }

        double[] Bounded(double factor) => [.. shares.Spend(factor).Select((spent, g) => shares.Bound(g, spent))];
        double common = shares.Bisect(factor => Bounded(factor).Sum() >= total);
        shares.Aims = Bounded(common);
        double[] unbounded = shares.Spend(common);
        for (int g = 0; g < groups.Count; g++)
        {
            int group = g;
            shares.Factors[g] =
                shares.Aims[g] == unbounded[g]
                    ? common
                    : shares.Bisect(factor => shares.Spend(factor)[group] >= shares.Aims[group]);
        }

        return shares;
    }

    /// <summary>Clamps a cost to the bounds of a group.</summary>
    public double Bound(int group, double cost) => Math.Clamp(cost, _least[group], _most[group]);

    /// <summary>Gets the width of the bounds of a group's cost.</summary>
    public double RoomOf(int group) => _most[group] - _least[group];

    /// <summary>Gets the inclusion probability of a candidate.</summary>
    public double Of(int position) => Math.Min(_caps[position], Factors[_groupOf[position]] * _probabilities[position]);

    private static string? Check(
        IReadOnlyList<DrawGroup> groups,
        double[] capacities,
        double[] least,
        double[] most,
        double total
    )
    {
        for (int g = 0; g < groups.Count; g++)
        {
            if (least[g] > capacities[g] * (1 + 1e-12))
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"Expected at least {groups[g].Least:P1} of the budget, {least[g]:N0}, from "
                        + $"'{groups[g].Name}', found that the plan reaches {capacities[g]:N0} there; use a "
                        + $"lower floor, a smaller budget, or a smaller alpha."
                );
            }
        }

        if (least.Sum() > total * (1 + 1e-12))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Expected floors of at most 100 % together, found "
                    + $"{groups.Sum(group => group.Least):P1}; lower one of them."
            );
        }

        if (most.Sum() < total * (1 - 1e-12))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"Expected a plan that reaches the budget of {total:N0}, found that it reaches "
                    + $"{most.Sum():N0} within the caps; use higher caps, a smaller budget, or a smaller alpha."
            );
        }

        return null;
    }

    /// <summary>Returns the expected cost of each group under one common factor.</summary>
    private double[] Spend(double factor)
    {
        CompensatedSum[] sums = new CompensatedSum[Aims.Length];
        for (int j = 0; j < _probabilities.Length; j++)
        {
            sums[_groupOf[j]].Add(_costs[j] * Math.Min(_caps[j], factor * _probabilities[j]));
        }

        return Array.ConvertAll(sums, sum => sum.Value);
    }

    /// <summary>
    /// Finds the smallest factor that is enough, up to rounding, by bisection; the largest factor tried includes every
    /// row.
    /// </summary>
    private double Bisect(Func<double, bool> isEnough)
    {
        double low = 0;
        double high = _largestFactor;
        for (int i = 0; i < Halvings && low < high; i++)
        {
            double middle = low + ((high - low) / 2);
            if (middle == low || middle == high)
            {
                break;
            }

            (low, high) = isEnough(middle) ? (low, middle) : (middle, high);
        }

        return high;
    }
}
