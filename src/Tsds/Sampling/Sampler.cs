namespace Tsds.Sampling;

/// <summary>Draws a budget of rows from selection probabilities, in passes that store only the rows drawn.</summary>
internal static class Sampler
{
    /// <summary>The number of independent draws made in one pass over the probabilities: 32 MB of points.</summary>
    public const int DrawsPerPass = 1 << 22;

    /// <summary>The room that weights must have beyond a budget, relative to it: less is rounding.</summary>
    private const double SmallestRoom = 1e-12;

    /// <summary>Draws with one of the four methods.</summary>
    /// <param name="method">How to draw.</param>
    /// <param name="probabilities">Positive, summing to 1 up to rounding.</param>
    /// <param name="budget">B, at least 1; at most the number of probabilities except under multinomial and systematic
    /// sampling.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="copies">Rows that share one chance under distinct sampling; null for none.</param>
    /// <returns>The positions drawn and how often.</returns>
    public static DrawnRows Draw(
        SamplingMethod method,
        ReadOnlySpan<double> probabilities,
        long budget,
        ulong seed,
        CopyGroups? copies = null
    )
    {
        CounterRandom random = new(seed, (ulong)method);
        return method switch
        {
            SamplingMethod.Distinct => DrawDistinct(probabilities, budget, random, copies),
            SamplingMethod.Systematic => DrawSystematic(probabilities, budget, random),
            SamplingMethod.Multinomial => DrawMultinomial(probabilities, budget, random),
            _ => DrawTop(probabilities, budget),
        };
    }

    private static DrawnRows DrawDistinct(
        ReadOnlySpan<double> probabilities,
        long budget,
        CounterRandom random,
        CopyGroups? copies
    )
    {
        if (budget == probabilities.Length)
        {
            return DrawnRows.Once([.. Enumerable.Range(0, probabilities.Length)]);
        }

        // Where the weights do not hold the budget, they are raised together until they do.
        bool hasRoom = copies is null || copies.SumOfWeights > budget * (1 + SmallestRoom);
        ReadOnlySpan<double> caps = hasRoom && copies is not null ? copies.Weights : [];
        ReadOnlySpan<double> shares = hasRoom ? probabilities : copies!.Weights;
        InclusionRule rule = InclusionRule.Create(shares, caps, budget);
        PivotalDraw draw = new(random);
        PivotalDraw[] groups = [.. Enumerable.Range(0, copies?.GroupCount ?? 0).Select(_ => new PivotalDraw(random))];
        for (int j = 0; j < probabilities.Length; j++)
        {
            int group = copies?.GroupOf[j] ?? CopyGroups.Alone;
            PivotalDraw duels = group == CopyGroups.Alone ? draw : groups[group];
            duels.Add(j, rule.Of(shares[j], caps.IsEmpty ? 1 : caps[j]), (ulong)j);
        }

        // Copies have been decided among themselves except for one of each group, which stands for what is left of it.
        for (int g = 0; g < groups.Length; g++)
        {
            draw.Drawn.AddRange(groups[g].Drawn);
            if (groups[g].Pivot >= 0)
            {
                draw.Add(groups[g].Pivot, groups[g].PivotInclusion, (ulong)(probabilities.Length + g));
            }
        }

        if (draw.Drawn.Count < budget && draw.Pivot >= 0)
        {
            draw.Drawn.Add(draw.Pivot);
        }

        // A pivot is decided after rows behind it.
        draw.Drawn.Sort();
        return DrawnRows.Once([.. draw.Drawn]);
    }

    private static DrawnRows DrawSystematic(ReadOnlySpan<double> probabilities, long budget, CounterRandom random)
    {
        List<int> positions = [];
        List<long> counts = [];
        double total = Sum(probabilities);
        double start = random.Uniform(0);
        double cumulated = 0;
        long before = 0;
        for (int j = 0; j < probabilities.Length; j++)
        {
            cumulated += probabilities[j];

            // The last point is exactly B steps from the first, whatever rounding did to the sum.
            long after =
                j == probabilities.Length - 1
                    ? budget
                    : Math.Min(budget, (long)Math.Floor((budget * (cumulated / total)) + start));
            if (after > before)
            {
                positions.Add(j);
                counts.Add(after - before);
                before = after;
            }
        }

        return new DrawnRows([.. positions], [.. counts]);
    }

    private static DrawnRows DrawMultinomial(ReadOnlySpan<double> probabilities, long budget, CounterRandom random)
    {
        double total = Sum(probabilities);
        double[] points = new double[Math.Min(budget, DrawsPerPass)];
        DrawnRows drawn = new([], []);
        for (long first = 0; first < budget; first += DrawsPerPass)
        {
            Span<double> pass = points.AsSpan(0, (int)Math.Min(DrawsPerPass, budget - first));
            for (int i = 0; i < pass.Length; i++)
            {
                pass[i] = random.Uniform((ulong)(first + i)) * total;
            }

            pass.Sort();
            DrawnRows more = Locate(probabilities, pass);
            drawn = first == 0 ? more : drawn.Add(more);
        }

        return drawn;
    }

    /// <summary>
    /// Returns for each point the first position whose cumulated probability exceeds it, or the last position if none
    /// does.
    /// </summary>
    private static DrawnRows Locate(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> ascendingPoints)
    {
        List<int> positions = [];
        List<long> counts = [];
        int position = 0;
        double cumulated = probabilities[0];
        for (int i = 0; i < ascendingPoints.Length; )
        {
            while (cumulated <= ascendingPoints[i] && position < probabilities.Length - 1)
            {
                cumulated += probabilities[++position];
            }

            int first = i;
            bool isLast = position == probabilities.Length - 1;
            while (i < ascendingPoints.Length && (isLast || ascendingPoints[i] < cumulated))
            {
                i++;
            }

            positions.Add(position);
            counts.Add(i - first);
        }

        return new DrawnRows([.. positions], [.. counts]);
    }

    /// <summary>Returns the B largest values; of equal ones, the first.</summary>
    private static DrawnRows DrawTop(ReadOnlySpan<double> probabilities, long budget)
    {
        (double smallest, long equal) = LargestValues.Find(probabilities, budget);
        int[] positions = new int[budget];
        int taken = 0;
        for (int j = 0; j < probabilities.Length && taken < positions.Length; j++)
        {
            if (probabilities[j] > smallest || (probabilities[j] == smallest && equal-- > 0))
            {
                positions[taken++] = j;
            }
        }

        return DrawnRows.Once(positions);
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value;
        }

        return sum;
    }
}
