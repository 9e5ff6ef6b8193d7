namespace Tsds.Jobs.Bundle;

/// <summary>
/// The source of each reached candidate, and the contribution of each source to the pool, the selection and each
/// target.
/// </summary>
internal sealed class SourceLedger
{
    /// <summary>The number of sources of the pool that are counted; there may be as many sources as rows.</summary>
    private const int MostSources = 10_000;

    private readonly Dictionary<long, string> _sources = [];
    private readonly Dictionary<string, long> _poolRows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _selectedRows = new(StringComparer.Ordinal);
    private long _selected;

    /// <summary>Gets the source of each candidate with positive probability.</summary>
    public IReadOnlyDictionary<long, string> Reached => _sources;

    /// <summary>Gets the rows of the pool by source, of the first sources met.</summary>
    public IReadOnlyDictionary<string, long> Pool => _poolRows;

    /// <summary>Counts a row of the pool.</summary>
    public void Count(string source)
    {
        if (_poolRows.TryGetValue(source, out long rows) || _poolRows.Count < MostSources)
        {
            _poolRows[source] = rows + 1;
        }
    }

    /// <summary>Records a candidate with positive probability.</summary>
    public void Add(long candidateId, string source, bool isSelected)
    {
        _sources.Add(candidateId, source);
        if (isSelected)
        {
            _selectedRows[source] = _selectedRows.GetValueOrDefault(source) + 1;
            _selected++;
        }
    }

    /// <summary>Returns the sources of the selection, largest first, ties by name.</summary>
    public IReadOnlyList<SourceShare> Top(int count) =>
        [
            .. _selectedRows
                .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Take(count)
                .Select(pair => new SourceShare(pair.Key, pair.Value, (double)pair.Value / _selected)),
        ];

    /// <summary>
    /// Returns the share of a target's mass by source, largest first, ties by name; empty if no rows were given.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, double>> SharesOf(ReadOnlySpan<TransportEntry> entries)
    {
        Dictionary<string, double> shares = new(StringComparer.Ordinal);
        double total = 0;
        foreach (TransportEntry entry in entries)
        {
            if (_sources.TryGetValue(entry.CandidateId, out string? source))
            {
                shares[source] = shares.GetValueOrDefault(source) + entry.Mass;
                total += entry.Mass;
            }
        }

        return
        [
            .. shares
                .OrderByDescending(pair => pair.Value)
                .ThenBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value / total)),
        ];
    }
}
