using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Evaluation.Methods;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// The lineage of a method without a plan: for each row that it chose where it stands, with score and rank.
/// </summary>
internal sealed class MethodLineage : ILineage, IDisposable
{
    private readonly MethodResult _result;
    private readonly int[] _ascending;
    private readonly Dictionary<long, int> _clusters;
    private readonly JsonLineWriter _writer;
    private int _next;

    public MethodLineage(MethodResult result, IReadOnlyList<DuplicateGroup> clusters, string path)
    {
        _result = result;
        _clusters = DuplicateGroup.NumberByRow(clusters);
        _ascending =
        [
            .. Enumerable.Range(0, result.CandidateIds.Length).OrderBy(rank => result.CandidateIds.Span[rank]),
        ];
        _writer = new JsonLineWriter(path);
    }

    public long? NextCandidateId => _next < _ascending.Length ? _result.CandidateIds.Span[_ascending[_next]] : null;

    public long Write(Row? row, string? file)
    {
        int rank = _ascending[_next++];
        long candidateId = _result.CandidateIds.Span[rank];
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

            json.WriteNumber("rank", rank + 1);
            json.WriteFinite("score", _result.Scores.IsEmpty ? null : _result.Scores.Span[rank]);
            json.WriteNumber("count", 1);
            json.WriteFinite("cluster", _clusters.TryGetValue(candidateId, out int cluster) ? cluster : null);
        });
        return 1;
    }

    public void Dispose() => _writer.Dispose();
}
