using System.Runtime.InteropServices;

namespace Tsds.Transport;

/// <summary>The candidates met so far, numbered in the order of meeting them, with their densities as far as they are known.</summary>
internal sealed class CandidateTable
{
    private readonly Dictionary<long, int> _indexes = [];
    private readonly List<long> _candidateIds = [];
    private readonly List<double> _densities = [];
    private readonly List<double> _weights = [];

    public int Count => _candidateIds.Count;

    public ReadOnlySpan<long> CandidateIds => CollectionsMarshal.AsSpan(_candidateIds);

    /// <summary>Gets the densities by index; NaN where not known yet.</summary>
    public ReadOnlySpan<double> Densities => CollectionsMarshal.AsSpan(_densities);

    /// <summary>Gets the weights 1/ρ by index; NaN where not known yet.</summary>
    public ReadOnlySpan<double> Weights => CollectionsMarshal.AsSpan(_weights);

    /// <summary>Gets how many candidates had their density evaluated.</summary>
    public int EvaluatedCount { get; private set; }

    /// <summary>Gets how many of these have another candidate within the bandwidth: ρ &gt; 1.</summary>
    public int NearDuplicateCount { get; private set; }

    public int IndexOf(long candidateId)
    {
        ref int index = ref CollectionsMarshal.GetValueRefOrAddDefault(_indexes, candidateId, out bool exists);
        if (!exists)
        {
            index = _candidateIds.Count;
            _candidateIds.Add(candidateId);
            _densities.Add(double.NaN);
            _weights.Add(double.NaN);
        }

        return index;
    }

    public bool IsKnown(int index) => !double.IsNaN(_weights[index]);

    /// <summary>Gives a candidate the weight 1 without evaluating a density.</summary>
    public void SetUniform(int index)
    {
        _densities[index] = 1;
        _weights[index] = 1;
    }

    public void SetDensity(int index, double density)
    {
        _densities[index] = density;
        _weights[index] = 1 / density;
        EvaluatedCount++;
        if (density > 1)
        {
            NearDuplicateCount++;
        }
    }
}
