using Tsds.Jobs.Bundle;

namespace Tsds.Explorer;

/// <summary>Represents where a selection is shown, and to whom.</summary>
internal sealed record ExplorerOptions
{
    /// <summary>Gets the selection.</summary>
    public required SelectionManifest Selection { get; init; }

    /// <summary>Gets the folder of another selection, or of a comparison, that is shown beside it; or null.</summary>
    public string? Other { get; init; }

    /// <summary>Gets how the inputs of the selection are opened again.</summary>
    public RepeatOptions Repeat { get; init; } = new();

    /// <summary>Gets the port, or 0 for any that is free.</summary>
    public int Port { get; init; }

    /// <summary>Gets the address that others may reach the page under, or null for this machine alone.</summary>
    public string? Bind { get; init; }
}
