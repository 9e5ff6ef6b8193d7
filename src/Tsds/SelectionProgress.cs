namespace Tsds;

/// <summary>One report of progress.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Done">Units done so far in this stage's current pass.</param>
/// <param name="Total">Units in all, or null where nobody can know yet.</param>
public readonly record struct SelectionProgress(SelectionStage Stage, long Done, long? Total);
