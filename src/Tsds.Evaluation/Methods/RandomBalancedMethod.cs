using System.Runtime.InteropServices;

namespace Tsds.Evaluation.Methods;

/// <summary>
/// The method "random-balanced": draws rows at random, equally many from every source; what an exhausted source cannot
/// supply is shared among the others.
/// </summary>
/// <remarks>
/// Sources get as equal numbers as their rows allow; of what cannot be divided, the first by name get one row more.
/// Within a source as <see cref="RandomMethod"/>.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/2503.01807">Ivison et al. 2025, section 3: random, balanced</seealso>
internal sealed class RandomBalancedMethod : ISelectionMethod
{
    public string Name => "random-balanced";

    public MethodNeeds Needs => MethodNeeds.Sources;

    public bool LooksAtTargets => false;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension) => 96 * budget;

    public Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        inputs.Check(this);
        Dictionary<string, long> counts = new(StringComparer.Ordinal);
        foreach (CandidateRow row in inputs.Rows!)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, row.Source, out _)++;
        }

        Dictionary<string, SmallestHashes> drawn = Share(counts, inputs.Budget)
            .Where(quota => quota.Value > 0)
            .ToDictionary(
                quota => quota.Key,
                quota => new SmallestHashes(quota.Value, inputs.Seed),
                StringComparer.Ordinal
            );
        foreach (CandidateRow row in inputs.Rows!)
        {
            if (drawn.TryGetValue(row.Source, out SmallestHashes? source))
            {
                source.Add(row.CandidateId);
            }
        }

        SmallestHashes all = new(inputs.Budget, inputs.Seed);
        foreach (long row in drawn.Values.SelectMany(source => source.ToArray()))
        {
            all.Add(row);
        }

        return Task.FromResult(new MethodResult(all.ToArray()));
    }

    /// <summary>Distributes a budget over sources as evenly as their counts allow.</summary>
    private static Dictionary<string, long> Share(Dictionary<string, long> counts, long budget)
    {
        Dictionary<string, long> quotas = counts.Keys.ToDictionary(source => source, _ => 0L, StringComparer.Ordinal);
        string[] open = [.. counts.Keys.Order(StringComparer.Ordinal)];
        while (budget > 0)
        {
            long share = budget / open.Length;
            foreach (string source in share > 0 ? open : open[..(int)budget])
            {
                long given = Math.Min(Math.Max(share, 1), counts[source] - quotas[source]);
                quotas[source] += given;
                budget -= given;
            }

            open = [.. open.Where(source => quotas[source] < counts[source])];
        }

        return quotas;
    }
}
