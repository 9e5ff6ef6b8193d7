namespace Tsds;

/// <summary>
/// The transport plan: the mass that each target sends to each candidate. Sparse, shape [targets, candidates].
/// </summary>
public sealed class TransportPlan
{
    private readonly TransportEntry[] _entries;
    private readonly int[] _offsets;
    private readonly long[] _candidateIds;
    private readonly double[] _probabilities;
    private readonly double[] _densities;

    internal TransportPlan(
        TransportEntry[] entries,
        int[] offsets,
        long[] candidateIds,
        double[] probabilities,
        double[] densities
    )
    {
        _entries = entries;
        _offsets = offsets;
        _candidateIds = candidateIds;
        _probabilities = probabilities;
        _densities = densities;
    }

    /// <summary>Gets all entries, target after target, nearest candidate first.</summary>
    public ReadOnlyMemory<TransportEntry> Entries => _entries;

    /// <summary>Gets the candidates with positive probability, ascending by id.</summary>
    public ReadOnlyMemory<long> CandidateIds => _candidateIds;

    /// <summary>Gets p_j = Σ_i γ_ij of <see cref="CandidateIds"/>; they sum to 1.</summary>
    public ReadOnlyMemory<double> Probabilities => _probabilities;

    /// <summary>Gets the densities ρ_j ≥ 1 of <see cref="CandidateIds"/>; 1 if no density was taken.</summary>
    public ReadOnlyMemory<double> Densities => _densities;

    /// <summary>Gets the entries of one target, nearest candidate first.</summary>
    /// <param name="target">From 0 to targets − 1.</param>
    /// <returns>At least one entry.</returns>
    /// <exception cref="IndexOutOfRangeException">There is no such target.</exception>
    public ReadOnlyMemory<TransportEntry> EntriesOf(int target) =>
        _entries.AsMemory(_offsets[target], _offsets[target + 1] - _offsets[target]);
}
