namespace Tsds.Explorer.Wire;

/// <summary>Represents how far the saving of a plan is.</summary>
/// <param name="Folder">The folder that is written.</param>
/// <param name="Stage">What is being done.</param>
/// <param name="Share">The share of it that is done, where it is known.</param>
/// <param name="Done">Whether the folder is there.</param>
internal sealed record SavingRecord(string Folder, string Stage, double? Share, bool Done);
