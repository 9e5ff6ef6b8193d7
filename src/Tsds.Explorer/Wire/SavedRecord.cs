namespace Tsds.Explorer.Wire;

/// <summary>Represents a selection that was saved.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Command">The command line that verifies it.</param>
internal sealed record SavedRecord(string Folder, long Rows, string Command);
