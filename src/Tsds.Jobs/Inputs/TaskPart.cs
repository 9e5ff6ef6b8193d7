namespace Tsds.Jobs.Inputs;

/// <summary>Consecutive targets of one task.</summary>
/// <param name="Name">The task.</param>
/// <param name="IsNamed">True if the user named it, so that it counts even where it is alone.</param>
/// <param name="Weight">The task's weight as given, or null.</param>
/// <param name="Targets">How many targets.</param>
internal readonly record struct TaskPart(string Name, bool IsNamed, double? Weight, long Targets);
