namespace Tsds.Evaluation.Protocol;

/// <summary>Numbers of tasks.</summary>
internal static class TaskNumbers
{
    /// <summary>Renumbers the tasks of some targets, so that those without a target leave no gap.</summary>
    /// <param name="tasks">The task of each target.</param>
    /// <returns>The same tasks in the same order, numbered from 0.</returns>
    public static int[] CloseUp(IReadOnlyList<int> tasks)
    {
        int[] present = [.. tasks.Distinct().Order()];
        return [.. tasks.Select(task => Array.BinarySearch(present, task))];
    }
}
