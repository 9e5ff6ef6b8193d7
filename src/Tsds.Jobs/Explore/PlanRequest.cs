using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Explore;

/// <summary>Represents what is to be another way in a selection; what is null or empty stays as it is.</summary>
internal sealed record PlanRequest
{
    /// <summary>The most rows that become targets.</summary>
    public const int MostTargets = 200;

    /// <summary>Gets the budget.</summary>
    public Budget? Budget { get; init; }

    /// <summary>Gets α.</summary>
    public double? Alpha { get; init; }

    /// <summary>Gets λ, the weight of relevance.</summary>
    public double? Relevance { get; init; }

    /// <summary>Gets the bandwidth.</summary>
    public double? Bandwidth { get; init; }

    /// <summary>Gets a value indicating whether the bandwidth is found from the data.</summary>
    public bool HasAutomaticBandwidth { get; init; }

    /// <summary>Gets the rows that must not be chosen.</summary>
    public IReadOnlyList<long> Exclude { get; init; } = [];

    /// <summary>Gets the rows that are chosen already.</summary>
    public IReadOnlyList<long> Keep { get; init; } = [];

    /// <summary>Gets the rows that become targets.</summary>
    public IReadOnlyList<long> Targets { get; init; } = [];

    /// <summary>Gets the largest shares of sources; null to leave them as they are.</summary>
    public IReadOnlyList<ShareLimit>? Caps { get; init; }

    /// <summary>Gets the targets that are left out.</summary>
    public IReadOnlyList<int> WithoutTargets { get; init; } = [];

    /// <summary>Gets the name of the plan: requests that ask for the same have the same.</summary>
    public string Id
    {
        get
        {
            StringBuilder text = new();
            text.Append(CultureInfo.InvariantCulture, $"{Budget}|{Alpha:R}|{Relevance:R}|{Bandwidth:R}|");
            text.Append(CultureInfo.InvariantCulture, $"{HasAutomaticBandwidth}|");
            foreach (IReadOnlyList<long> rows in new[] { Exclude, Keep, Targets })
            {
                text.AppendJoin(',', rows.Distinct().Order()).Append('|');
            }

            text.AppendJoin(',', Caps ?? []).Append(Caps is null ? "|" : "caps|");
            text.AppendJoin(',', WithoutTargets.Distinct().Order());
            return text.ToString() == "||||False|||||"
                ? ExploredPlan.First
                : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
        }
    }

    /// <summary>Throws if rows or targets are named that there are not.</summary>
    /// <param name="rowCount">The number of rows of the pool.</param>
    /// <param name="targetCount">The number of targets.</param>
    /// <param name="hasSources">Whether the sources of rows are known.</param>
    /// <exception cref="ArgumentException">The request names what there is not.</exception>
    public void Require(long rowCount, int targetCount, bool hasSources)
    {
        foreach (long row in Exclude.Concat(Keep).Concat(Targets))
        {
            if (row < 0 || row >= rowCount)
            {
                throw new ArgumentException($"Expected rows from 0 to {rowCount - 1}, found {row}.");
            }
        }

        foreach (int target in WithoutTargets)
        {
            if (target < 0 || target >= targetCount)
            {
                throw new ArgumentException($"Expected targets from 0 to {targetCount - 1}, found {target}.");
            }
        }

        if (Targets.Distinct().Count() > MostTargets)
        {
            throw new ArgumentException(
                $"Expected at most {MostTargets} rows that become targets, found " + $"{Targets.Distinct().Count()}."
            );
        }

        if (WithoutTargets.Distinct().Count() == targetCount)
        {
            throw new ArgumentException("Expected a target that stays, found none.");
        }

        if (Caps is { Count: > 0 } && !hasSources)
        {
            throw new ArgumentException("Expected rows, whose sources caps are about, found a pool of vectors alone.");
        }
    }
}
