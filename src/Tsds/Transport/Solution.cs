namespace Tsds.Transport;

/// <summary>The plan of one level in full, with its proof.</summary>
internal sealed record Solution(
    TransportPlan Plan, Certificate Certificate, TargetReport[] Targets, double TransportCost)
{
    /// <summary>Writes out the plan at a level, and proves it optimal for (α/C) Σγd + (1 − α) G.</summary>
    public static Solution Create(NeighborReach reach, IPlanFamily family, double level, double alpha, double scale)
    {
        int targetCount = reach.Rows.Length;
        List<TransportEntry> entries = [];
        int[] offsets = new int[targetCount + 1];
        Dictionary<int, double> probabilities = [];
        double cost = 0;
        family.VisitMasses(level, (target, rank, mass) =>
        {
            TargetNeighbors row = reach.Rows[target];
            int index = row.CandidateIndexes[rank];
            double distance = row.Distances[rank];
            entries.Add(new TransportEntry(target, reach.Candidates.CandidateIds[index], mass, distance));
            offsets[target + 1] = entries.Count;
            probabilities[index] = probabilities.GetValueOrDefault(index) + mass;
            cost += mass * distance;
        });

        int[] indexes = [.. probabilities.Keys];
        Array.Sort(indexes, (a, b) => reach.Candidates.CandidateIds[a].CompareTo(reach.Candidates.CandidateIds[b]));
        TransportPlan plan = new(
            [.. entries],
            offsets,
            Array.ConvertAll(indexes, index => reach.Candidates.CandidateIds[index]),
            Array.ConvertAll(indexes, index => probabilities[index]),
            Array.ConvertAll(indexes, index => reach.Candidates.Densities[index]));

        double alignment = alpha / scale;
        double diversity = 1 - alpha;
        double regularizer = family.EvaluateRegularizer(
            plan.Entries.Span, candidateId => reach.Candidates.Densities[reach.Candidates.IndexOf(candidateId)]);
        double primal = (alignment * cost) + (diversity * regularizer);
        DualBound bound = family.Bound(level, alignment, diversity, primal);
        TargetReport[] reports = new TargetReport[targetCount];
        for (int i = 0; i < targetCount; i++)
        {
            reports[i] = new TargetReport(
                i, reach.TargetWeights[i], bound.WaterLevels[i], plan.EntriesOf(i).Length, reach.Rows[i].Distances[0]);
        }

        return new Solution(plan, new Certificate(primal, bound.Value, bound.IsComplete), reports, cost);
    }
}
