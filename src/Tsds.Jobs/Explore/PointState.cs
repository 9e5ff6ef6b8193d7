using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Explore;

/// <summary>Describes points of a map under a plan, a byte each: rows, then targets.</summary>
internal static class PointState
{
    private const byte Chosen = 1;
    private const byte Reached = 2;
    private const byte Excluded = 4;
    private const byte Copy = 8;
    private const byte Kept = 16;
    private const byte MadeTarget = 32;
    private const byte Target = 64;
    private const byte OutOfReach = 1;
    private const byte LeftOut = 2;

    /// <summary>Describes all points.</summary>
    /// <param name="explorer">The selection.</param>
    /// <param name="plan">The plan.</param>
    public static byte[] Of(SelectionExplorer explorer, ExploredPlan plan)
    {
        int rows = checked((int)explorer.RowCount);
        byte[] states = new byte[rows + explorer.Inputs.Targets.Count];
        JobInputs inputs = plan.Inputs;
        Add(states, inputs.HiddenIds.ToArray(), Excluded);
        foreach ((long row, _) in inputs.Copies.All)
        {
            states[row] = Copy;
        }

        Add(states, inputs.Withheld.Excluded, Excluded);
        Add(states, inputs.Withheld.Kept, Kept);
        Add(states, plan.Request.Targets, MadeTarget);
        Add(states, plan.Chosen, Chosen);
        Add(states, plan.Outline.Reached.ToArray(), Reached);
        AddTargets(states.AsSpan(rows), plan);
        return states;
    }

    private static void AddTargets(Span<byte> states, ExploredPlan plan)
    {
        states.Fill(Target);
        foreach (int left in plan.Request.WithoutTargets)
        {
            states[left] |= LeftOut;
        }

        foreach (int target in plan.Outline.OutOfReach)
        {
            int original = plan.OriginalOf(target);
            if (original < states.Length)
            {
                states[original] |= OutOfReach;
            }
        }
    }

    private static void Add(byte[] states, IEnumerable<long> rows, byte state)
    {
        foreach (long row in rows)
        {
            states[row] |= state;
        }
    }
}
