using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// Writes <c>excluded.jsonl</c>: each candidate that was left out, and the given row that it repeats.
/// </summary>
internal sealed class ExcludedFile : IDisposable
{
    private readonly IReadOnlyList<HiddenRow> _hidden;
    private readonly JsonLineWriter? _writer;
    private int _position;

    /// <summary>Initializes a writer; without given rows nothing is written.</summary>
    public ExcludedFile(Exclusion excluded, string path)
    {
        _hidden = excluded.Hidden;
        _writer = excluded.Given.Count > 0 ? new JsonLineWriter(path) : null;
    }

    /// <summary>Gets the next candidate to write, or null after the last.</summary>
    public long? NextCandidateId => _position < _hidden.Count ? _hidden[_position].Row : null;

    /// <summary>Writes the line of <see cref="NextCandidateId"/>.</summary>
    /// <param name="row">Its row, or null for vectors without rows.</param>
    /// <param name="file">The row's file as the user gave it.</param>
    public void Write(Row? row, string? file)
    {
        HiddenRow hidden = _hidden[_position++];
        _writer!.Write(json =>
        {
            json.WriteNumber("row", hidden.Row);
            if (row is { } found)
            {
                json.WriteString("file", file);
                json.WriteNumber("line", found.Line);
                json.WriteString("id", found.Id);
                json.WriteString("source", found.Source);
            }

            json.WriteString("option", hidden.Rows.Option);
            json.WriteString("reason", hidden.HasSameText ? "text" : "near");
            json.WriteFinite("distance", hidden.Distance);
            WriteMatch(json, hidden);
        });
    }

    public void Dispose() => _writer?.Dispose();

    private static void WriteMatch(Utf8JsonWriter json, HiddenRow hidden)
    {
        json.WriteStartObject("match");
        json.WriteNumber("row", hidden.Match);
        if (hidden.Rows.Rows is { } rows)
        {
            json.WriteString("file", rows[hidden.Match].File);
            json.WriteNumber("line", rows[hidden.Match].Line);
            json.WriteString("id", rows[hidden.Match].Id);
        }

        json.WriteEndObject();
    }
}
