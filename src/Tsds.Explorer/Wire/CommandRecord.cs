namespace Tsds.Explorer.Wire;

/// <summary>Represents the command line that makes a selection.</summary>
/// <param name="Command">The command line.</param>
/// <param name="Files">The files that it reads and that were written for it.</param>
internal sealed record CommandRecord(string Command, IReadOnlyList<CommandFile> Files);
