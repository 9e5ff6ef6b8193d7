using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Explain;

/// <summary>Computes from the files of a selection how often a row is drawn on average.</summary>
internal static class ExpectedDraw
{
    /// <summary>
    /// Returns the expected number of times a row is drawn: min(a, c·p) with Σ min(a_j, c·p_j) = B if no row is drawn
    /// twice, B·p otherwise.
    /// </summary>
    public static double? CountOf(SelectionManifest manifest, LineageRecord[] lineage, LineageRecord line)
    {
        SelectionRecord selection = manifest.Record.Selection!;
        if (selection.Tokens is not null || selection.Shares is { Count: > 0 })
        {
            // Each source has a factor of its own, which the files do not contain.
            return null;
        }

        double budget = selection.Budget;
        double probability = line.Probability ?? 0;
        switch (selection.Sampling)
        {
            case SamplingMethod.Top:
                return null;
            case SamplingMethod.Distinct:
                bool sharesDraw = manifest.Record.Options?.Copies == CopyPolicy.Once;
                double weight = sharesDraw ? ShareOf(line) : 1;
                double[] weights = [.. lineage.Select(row => sharesDraw ? ShareOf(row) : 1)];
                double[] probabilities = [.. lineage.Select(row => row.Probability ?? 0)];

                // Where the weights of copies do not hold the budget, they are raised together until they do.
                return weights.Sum() > budget
                    ? InclusionOf(probabilities, weights, budget, probability, weight)
                    : InclusionOf(weights, [.. weights.Select(_ => 1.0)], budget, weight, 1);
            default:
                return budget * probability;
        }
    }

    /// <summary>Returns what a row has of a draw as near-copies share one row's: 1/ρ.</summary>
    private static double ShareOf(LineageRecord line) => Math.Min(1, 1 / (line.Density ?? 1));

    /// <summary>Returns min(a, c·p) of a row, c such that all of them sum to the budget.</summary>
    private static double InclusionOf(double[] shares, double[] most, double budget, double share, double own)
    {
        int[] order = [.. Enumerable.Range(0, shares.Length).OrderByDescending(row => shares[row] / most[row])];
        double rest = shares.Sum();
        double left = budget;
        foreach (int row in order)
        {
            if (left * shares[row] < rest * most[row] || left <= 0)
            {
                break;
            }

            left -= most[row];
            rest -= shares[row];
        }

        return rest > 0 && left > 0 ? Math.Min(own, left / rest * share) : own;
    }
}
