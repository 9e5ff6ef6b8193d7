using Tsds.Data.Rows;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// Writes <c>excluded.jsonl</c>: each candidate that was left out, with the given row that it repeats.
/// </summary>
internal sealed class ExcludedFile : IDisposable
{
    private readonly IReadOnlyList<HiddenRow> _hidden;
    private readonly JsonLineWriter<ExcludedRecord>? _writer;
    private int _position;

    /// <summary>Initializes a writer; without given rows nothing is written.</summary>
    public ExcludedFile(Exclusion excluded, string path)
    {
        _hidden = excluded.Hidden;
        _writer =
            excluded.Given.Count > 0
                ? new JsonLineWriter<ExcludedRecord>(path, BundleJson.Default.ExcludedRecord)
                : null;
    }

    /// <summary>Gets the next candidate to write, or null after the last.</summary>
    public long? NextCandidateId => _position < _hidden.Count ? _hidden[_position].Row : null;

    /// <summary>Writes the line of <see cref="NextCandidateId"/>.</summary>
    /// <param name="row">Its row, or null for vectors without rows.</param>
    /// <param name="file">The row's file as the user gave it.</param>
    public void Write(Row? row, string? file) => _writer!.Write(ExcludedRecord.Of(_hidden[_position++], row, file));

    public void Dispose() => _writer?.Dispose();
}
