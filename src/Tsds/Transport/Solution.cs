namespace Tsds.Transport;

/// <summary>The complete plan of one level, with its proof.</summary>
internal sealed record Solution(
    TransportPlan Plan,
    Certificate Certificate,
    TargetReport[] Targets,
    double TransportCost,
    double ExpectedDistinct
)
{
    /// <summary>Creates the plan at a level and proves it optimal for (α/C) Σγd + (1 − α) G.</summary>
    public static Solution Create(
        NeighborReach reach,
        IPlanFamily family,
        double level,
        double alpha,
        double scale,
        long budget
    )
    {
        (TransportEntry[] entries, int[] offsets) = WriteEntries(reach, family, level);

        // In the order of targets and ranks, so that the sums are the same every time.
        double[] probabilities = new double[reach.Candidates.Count];
        double cost = 0;
        for (int i = 0; i < reach.RowCount; i++)
        {
            ReadOnlySpan<int> indexes = reach.Rows[i].CandidateIndexes;
            ReadOnlySpan<TransportEntry> row = entries.AsSpan(offsets[i], offsets[i + 1] - offsets[i]);
            for (int r = 0; r < row.Length; r++)
            {
                probabilities[indexes[r]] += row[r].Mass;
                cost += row[r].Mass * row[r].Distance;
            }
        }

        double expectedDistinct = probabilities.Sum(probability => DrawChance.Of(probability, budget));
        TransportPlan plan = Assemble(reach.Candidates, entries, offsets, probabilities);
        double alignment = alpha / scale;
        double diversity = 1 - alpha;
        double primal = (alignment * cost) + (diversity * family.EvaluateRegularizer(plan));
        DualBound bound = family.Bound(level, alignment, diversity, primal);
        TargetReport[] reports = new TargetReport[reach.RowCount];
        for (int i = 0; i < reports.Length; i++)
        {
            reports[i] = new TargetReport(
                i,
                reach.TargetWeights[i],
                bound.WaterLevels[i],
                plan.EntriesOf(i).Length,
                reach.Rows[i].Distances[0]
            );
        }

        return new Solution(
            plan,
            new Certificate(primal, bound.Value, bound.IsComplete),
            reports,
            cost,
            expectedDistinct
        );
    }

    private static (TransportEntry[] Entries, int[] Offsets) WriteEntries(
        NeighborReach reach,
        IPlanFamily family,
        double level
    )
    {
        int[] offsets = new int[reach.RowCount + 1];
        reach.Loop.Run(reach.RowCount, i => offsets[i + 1] = family.Cut(i, level).EntryCount);
        for (int i = 0; i < reach.RowCount; i++)
        {
            offsets[i + 1] = checked(offsets[i] + offsets[i + 1]);
        }

        TransportEntry[] entries = new TransportEntry[offsets[^1]];
        reach.Loop.Run(
            reach.RowCount,
            i =>
            {
                TargetNeighbors row = reach.Rows[i];
                ReadOnlySpan<long> candidateIds = reach.Candidates.CandidateIds;
                double[] masses = new double[offsets[i + 1] - offsets[i]];
                family.WriteMasses(i, level, masses);
                for (int r = 0; r < masses.Length; r++)
                {
                    entries[offsets[i] + r] = new TransportEntry(
                        i,
                        candidateIds[row.CandidateIndexes[r]],
                        masses[r],
                        row.Distances[r]
                    );
                }
            }
        );
        return (entries, offsets);
    }

    /// <summary>Returns the plan over the candidates with positive probability, ascending by id.</summary>
    private static TransportPlan Assemble(
        CandidateTable candidates,
        TransportEntry[] entries,
        int[] offsets,
        double[] probabilities
    )
    {
        int support = probabilities.Count(probability => probability > 0);
        int[] indexes = new int[support];
        long[] candidateIds = new long[support];
        int position = 0;
        for (int index = 0; index < probabilities.Length; index++)
        {
            if (probabilities[index] > 0)
            {
                indexes[position] = index;
                candidateIds[position++] = candidates.CandidateIds[index];
            }
        }

        Array.Sort(candidateIds, indexes);
        return new TransportPlan(
            entries,
            offsets,
            candidateIds,
            Array.ConvertAll(indexes, index => probabilities[index]),
            Array.ConvertAll(indexes, index => candidates.Densities[index])
        );
    }
}
