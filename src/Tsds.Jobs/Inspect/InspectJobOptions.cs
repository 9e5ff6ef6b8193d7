using Tsds.Data.Rows;

namespace Tsds.Jobs.Inspect;

/// <summary>The settings of an inspection.</summary>
internal sealed record InspectJobOptions
{
    /// <summary>
    /// Gets the files, folders, datasets and globs, as <see cref="RowFiles.Resolve(IReadOnlyList{string})"/> takes
    /// them.
    /// </summary>
    public required IReadOnlyList<string> Paths { get; init; }

    /// <summary>Gets the field that holds the text of rows whose schema is not recognized, or null.</summary>
    public string? TextField { get; init; }

    /// <summary>Gets the name of the schema that every row has, or null to recognize it per file.</summary>
    public string? Schema { get; init; }

    /// <summary>Gets the meaning of a quotation mark in files of cells, .csv and .tsv.</summary>
    public CellQuotes CsvQuote { get; init; }

    /// <summary>
    /// Gets the file that holds what came from standard input, for the path <c>-</c>; or null if that path is not
    /// used.
    /// </summary>
    public string? StandardInput { get; init; }
}
