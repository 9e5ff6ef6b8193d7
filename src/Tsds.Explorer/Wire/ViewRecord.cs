namespace Tsds.Explorer.Wire;

/// <summary>Represents a selection as a page first sees it.</summary>
internal sealed record ViewRecord
{
    /// <summary>Gets the folder.</summary>
    public required string Folder { get; init; }

    /// <summary>Gets the version of the program.</summary>
    public required string Tool { get; init; }

    /// <summary>Gets the method that selected.</summary>
    public required string Method { get; init; }

    /// <summary>Gets the rows of the pool.</summary>
    public required long Rows { get; init; }

    /// <summary>Gets the targets.</summary>
    public required int Targets { get; init; }

    /// <summary>Gets the chosen rows.</summary>
    public required long Chosen { get; init; }

    /// <summary>Gets the rows with a probability.</summary>
    public required long Reached { get; init; }

    /// <summary>Gets the rows for which another one stands.</summary>
    public required long Copies { get; init; }

    /// <summary>Gets the rows that were left out.</summary>
    public required long Excluded { get; init; }

    /// <summary>Gets a value indicating whether rows have texts.</summary>
    public required bool HasTexts { get; init; }

    /// <summary>Gets a value indicating whether texts are searched.</summary>
    public required bool CanSearch { get; init; }

    /// <summary>Gets a value indicating whether rows near a sentence are found.</summary>
    public required bool CanSearchNear { get; init; }

    /// <summary>Gets a value indicating whether changes are planned.</summary>
    public required bool CanPlan { get; init; }

    /// <summary>Gets the reason why not.</summary>
    public string? CannotPlan { get; init; }

    /// <summary>Gets the settings.</summary>
    public required SettingsRecord Settings { get; init; }

    /// <summary>Gets the sources.</summary>
    public required IReadOnlyList<SourceRecord> Sources { get; init; }

    /// <summary>Gets the columns that rows are colored and filtered by.</summary>
    public required IReadOnlyList<ColumnRecord> Columns { get; init; }

    /// <summary>Gets the maps.</summary>
    public required IReadOnlyList<ProjectionRecord> Projections { get; init; }

    /// <summary>Gets the layers of rows that were chosen elsewhere.</summary>
    public required IReadOnlyList<LayerRecord> Layers { get; init; }

    /// <summary>Gets how much is answered at once.</summary>
    public required LimitsRecord Limits { get; init; }

    /// <summary>Gets the name of the plan on disk.</summary>
    public required string Plan { get; init; }
}
