using System.Text.Json.Serialization;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>A given row that a candidate repeats.</summary>
internal sealed record MatchRecord
{
    /// <summary>Gets its number among the rows that were given.</summary>
    public required long Row { get; init; }

    /// <summary>Gets the file of the row as the user gave it; null if only vectors were given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? File { get; init; }

    /// <summary>Gets the line of the row, from 1; null if only vectors were given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Line { get; init; }

    /// <summary>Gets the row's own id, null if it has none; missing where only vectors were given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(OptionalConverter<string>))]
    public Optional<string?> Id { get; init; }

    /// <summary>Returns the record of the row that a candidate repeats.</summary>
    public static MatchRecord Of(HiddenRow hidden)
    {
        TargetRow? row = hidden.Rows.Rows?[hidden.Match];
        return new MatchRecord
        {
            Row = hidden.Match,
            File = row?.File,
            Line = row?.Line,
            Id = row is null ? default : new Optional<string?>(row.Id),
        };
    }
}
