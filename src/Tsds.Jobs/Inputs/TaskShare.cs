namespace Tsds.Jobs.Inputs;

/// <summary>The weight of one task, and the share of the selection that it got.</summary>
/// <param name="Task">Its name.</param>
/// <param name="Targets">Its targets.</param>
/// <param name="Weight">The share of the plan's mass that its targets send, from 0 to 1.</param>
/// <param name="Share">Its share of the rows drawn, from 0 to 1: each row counts for the tasks in proportion to the
/// mass that their targets send it.</param>
public sealed record TaskShare(string Task, int Targets, double Weight, double Share);
