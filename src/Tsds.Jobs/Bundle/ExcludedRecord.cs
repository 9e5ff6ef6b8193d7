using System.Text.Json.Serialization;
using Tsds.Data.Rows;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// A line of <c>excluded.jsonl</c>: a candidate that was left out, and the given row that it repeats.
/// </summary>
internal sealed record ExcludedRecord
{
    public const string SameText = "text";

    /// <summary>Gets the number of the candidate.</summary>
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

    /// <summary>Gets the source of the row; null if only vectors were given.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Source { get; init; }

    /// <summary>Gets the option that gave the row: "exclude" or "keep".</summary>
    public required string Option { get; init; }

    /// <summary>Gets "text" where both have the same text, else "near".</summary>
    public required string Reason { get; init; }

    /// <summary>Gets the distance between the two, or null if it was not measured or is above the limit.</summary>
    public required double? Distance { get; init; }

    /// <summary>Gets the given row.</summary>
    public required MatchRecord Match { get; init; }

    /// <summary>Returns the record of a candidate that was left out.</summary>
    /// <param name="hidden">The candidate.</param>
    /// <param name="row">Its row, or null for vectors without rows.</param>
    /// <param name="file">The row's file as the user gave it.</param>
    public static ExcludedRecord Of(HiddenRow hidden, Row? row, string? file) =>
        new()
        {
            Row = hidden.Row,
            File = row is null ? null : file,
            Line = row?.Line,
            Id = row is { } found ? new Optional<string?>(found.Id) : default,
            Source = row?.Source,
            Option = hidden.Rows.Option,
            Reason = hidden.HasSameText ? SameText : "near",
            Distance = hidden.Distance,
            Match = MatchRecord.Of(hidden),
        };
}
