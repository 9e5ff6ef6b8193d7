using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// Writes <c>lineage.jsonl</c>: for each candidate with positive probability where it stands and which targets pulled
/// it.
/// </summary>
internal sealed class CandidateLineage : ILineage, IDisposable
{
    /// <summary>How many targets a line names; the strongest ones, the rest being in the plan of each target.</summary>
    private const int StrongestTargets = 5;

    private readonly SelectionResult _result;
    private readonly TargetTasks? _tasks;
    private readonly JsonLineWriter _writer;
    private readonly TransportEntry[] _entries;
    private readonly Dictionary<long, int> _clusters;
    private int _position;
    private int _entry;
    private int _drawn;

    public CandidateLineage(
        SelectionResult result,
        TargetTasks? tasks,
        IReadOnlyList<DuplicateGroup> clusters,
        string path
    )
    {
        _result = result;
        _tasks = tasks;
        _clusters = DuplicateGroup.NumberByRow(clusters);
        _writer = new JsonLineWriter(path);

        // By candidate, and for each the strongest first, ties by target: the order in which lines are written.
        _entries = result.Plan.Entries.ToArray();
        Array.Sort(
            _entries,
            static (a, b) =>
                a.CandidateId != b.CandidateId ? a.CandidateId.CompareTo(b.CandidateId)
                : a.Mass != b.Mass ? b.Mass.CompareTo(a.Mass)
                : a.Target.CompareTo(b.Target)
        );
    }

    public long? NextCandidateId =>
        _position < _result.Plan.CandidateIds.Length ? _result.Plan.CandidateIds.Span[_position] : null;

    public long Write(Row? row, string? file)
    {
        long candidateId = _result.Plan.CandidateIds.Span[_position];
        long count = 0;
        if (_drawn < _result.CandidateIds.Length && _result.CandidateIds.Span[_drawn] == candidateId)
        {
            count = _result.Counts.Span[_drawn];
            _drawn++;
        }

        int first = _entry;
        while (_entry < _entries.Length && _entries[_entry].CandidateId == candidateId)
        {
            _entry++;
        }

        int position = _position;
        _writer.Write(json =>
        {
            json.WriteNumber("row", candidateId);
            if (row is { } found)
            {
                json.WriteString("file", file);
                json.WriteNumber("line", found.Line);
                json.WriteString("id", found.Id);
                json.WriteString("source", found.Source);
            }

            json.WriteNumber("probability", _result.Plan.Probabilities.Span[position]);
            json.WriteNumber("count", count);
            json.WriteNumber("density", _result.Plan.Densities.Span[position]);
            WriteRelevance(json, position);
            json.WriteFinite("cluster", _clusters.TryGetValue(candidateId, out int cluster) ? cluster : null);
            WriteTargets(
                json,
                new ArraySegment<TransportEntry>(_entries, first, Math.Min(StrongestTargets, _entry - first))
            );
        });
        _position++;
        return count;
    }

    public void Dispose() => _writer.Dispose();

    private void WriteRelevance(Utf8JsonWriter json, int position)
    {
        if (_result.Relevance.Count > 0)
        {
            json.WriteObjects(
                "relevance",
                _result.Relevance,
                relevance =>
                {
                    if (_tasks is not null)
                    {
                        json.WriteString("task", _tasks.NameOfTask(relevance.Task));
                    }

                    json.WriteFinite("score", relevance.Scores.Span[position]);
                    json.WriteFinite("targetShare", relevance.TargetShares.Span[position]);
                    json.WriteNumber("cost", relevance.Costs.Span[position]);
                }
            );
        }
    }

    private void WriteTargets(Utf8JsonWriter json, IEnumerable<TransportEntry> entries) =>
        json.WriteObjects(
            "targets",
            entries,
            entry =>
            {
                json.WriteNumber("target", entry.Target);
                if (_tasks is not null)
                {
                    json.WriteString("task", _tasks.NameOf(entry.Target));
                }

                json.WriteNumber("mass", entry.Mass);
                json.WriteNumber("distance", entry.Distance);
            }
        );
}
