namespace Tsds.Jobs.Inputs;

/// <summary>Targets that follow one another and belong to one task.</summary>
/// <param name="Name">The task.</param>
/// <param name="IsNamed">Whether the user named it, so that it counts even where it is alone.</param>
/// <param name="Weight">The task's weight as given, or null.</param>
/// <param name="Targets">How many targets.</param>
internal readonly record struct TaskPart(string Name, bool IsNamed, double? Weight, long Targets);
