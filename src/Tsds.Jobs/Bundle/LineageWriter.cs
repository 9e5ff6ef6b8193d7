using Tsds.Data.Rows;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// Writes <c>lineage.jsonl</c> candidate by candidate, ascending, while the pool is read: those that a method chose, or
/// those with positive probability where there is a plan.
/// </summary>
internal sealed class LineageWriter : IDisposable
{
    /// <summary>
    /// The number of targets that a line lists; the strongest ones. The others are in the plan of each target.
    /// </summary>
    private const int StrongestTargets = 5;

    private readonly Selection _selection;
    private readonly TargetTasks? _tasks;
    private readonly Dictionary<long, int> _groups;
    private readonly Dictionary<long, int> _ranks;
    private readonly long[] _candidates;
    private readonly TransportEntry[] _entries;
    private readonly JsonLineWriter<LineageRecord> _writer;
    private int _position;
    private int _entry;

    /// <summary>Creates the file.</summary>
    /// <param name="selection">The selection.</param>
    /// <param name="tasks">The tasks of the targets, or null if nobody named one.</param>
    /// <param name="groups">The near-duplicates.</param>
    /// <param name="path">The file, which must not exist.</param>
    public LineageWriter(Selection selection, TargetTasks? tasks, IReadOnlyList<DuplicateGroup> groups, string path)
    {
        (_selection, _tasks) = (selection, tasks);
        _groups = DuplicateGroup.NumberByRow(groups);
        _ranks = Enumerable.Range(0, selection.Rows.Length).ToDictionary(rank => selection.Rows.Span[rank]);
        _candidates = selection.Transport?.Plan.CandidateIds.ToArray() ?? [.. selection.Rows.ToArray().Order()];
        _entries = selection.Transport?.Plan.Entries.ToArray() ?? [];

        // By candidate, and for each the strongest first, ties by target: the order in which lines are written.
        Array.Sort(
            _entries,
            static (a, b) =>
                a.CandidateId != b.CandidateId ? a.CandidateId.CompareTo(b.CandidateId)
                : a.Mass != b.Mass ? b.Mass.CompareTo(a.Mass)
                : a.Target.CompareTo(b.Target)
        );
        _writer = new JsonLineWriter<LineageRecord>(path, BundleJson.Default.LineageRecord);
    }

    /// <summary>Gets the next candidate to write, or null after the last.</summary>
    public long? NextCandidateId => _position < _candidates.Length ? _candidates[_position] : null;

    /// <summary>Writes the line of <see cref="NextCandidateId"/>.</summary>
    /// <param name="row">Its row, or null for vectors without rows.</param>
    /// <param name="file">The row's file as the user gave it.</param>
    /// <returns>How often the candidate was drawn, 0 included.</returns>
    public long Write(Row? row, string? file)
    {
        long candidate = _candidates[_position];
        int? rank = _ranks.TryGetValue(candidate, out int chosen) ? chosen : null;
        LineageRecord record = new()
        {
            Row = candidate,
            File = row is null ? null : file,
            Line = row?.Line,
            Id = row is { } found ? new Optional<string?>(found.Id) : default,
            Source = row?.Source,
            Count = rank is null ? 0 : _selection.Counts.Span[rank.Value],
            Cluster = _groups.TryGetValue(candidate, out int group) ? group : null,
        };
        _writer.Write(
            _selection.Transport is { Plan: { } plan }
                ? record with
                {
                    Probability = plan.Probabilities.Span[_position],
                    Density = plan.Densities.Span[_position],
                    Relevance = RelevanceOf(_position),
                    Targets = PullsOn(candidate),
                }
                : record with
                {
                    Rank = rank + 1,
                    Score = new Optional<double?>(_selection.Scores?.Span[rank!.Value]),
                }
        );
        _position++;
        return record.Count;
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    /// <summary>Returns the relevance of a candidate of the plan to each task; null if it was off.</summary>
    private RelevanceRecord[]? RelevanceOf(int position) =>
        _selection.Transport is { Relevance: { Count: > 0 } tasks }
            ?
            [
                .. tasks.Select(task => new RelevanceRecord(
                    _tasks?.NameOfTask(task.Task),
                    task.Scores.Span[position],
                    task.TargetShares.Span[position],
                    task.Costs.Span[position]
                )),
            ]
            : null;

    /// <summary>Returns the strongest of the entries of a candidate, and goes on to those of the next one.</summary>
    private PullRecord[] PullsOn(long candidate)
    {
        int first = _entry;
        while (_entry < _entries.Length && _entries[_entry].CandidateId == candidate)
        {
            _entry++;
        }

        return
        [
            .. _entries[first..Math.Min(_entry, first + StrongestTargets)]
                .Select(entry => new PullRecord
                {
                    Target = entry.Target,
                    Task = _tasks?.NameOf(entry.Target),
                    Mass = entry.Mass,
                    Distance = entry.Distance,
                }),
        ];
    }
}
