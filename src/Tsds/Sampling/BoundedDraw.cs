namespace Tsds.Sampling;

/// <summary>
/// Draws rows with a given total cost, with each group's share as close to its expectation as whole rows allow.
/// </summary>
internal sealed class BoundedDraw
{
    /// <summary>
    /// The stream of random numbers for the order in which rows are dropped or added; the sampling methods use smaller
    /// numbers.
    /// </summary>
    private const ulong OrderStream = 16;

    /// <summary>
    /// The number of times that a shortfall is offered to the groups; those that can take some do so at once.
    /// </summary>
    private const int MostPasses = 8;

    private readonly double[] _probabilities;
    private readonly long[] _costs;
    private readonly int[] _groupOf;
    private readonly DrawOptions _options;
    private readonly GroupShares _shares;
    private readonly CopyGroups? _copies;

    /// <summary>Initializes a draw.</summary>
    /// <param name="probabilities">Positive.</param>
    /// <param name="options">What to draw.</param>
    /// <param name="copies">Rows that share one chance; null for none.</param>
    public BoundedDraw(ReadOnlySpan<double> probabilities, DrawOptions options, CopyGroups? copies = null)
    {
        IReadOnlyList<DrawGroup> groups = options.Groups.Count > 0 ? options.Groups : [new DrawGroup("the pool")];
        _probabilities = probabilities.ToArray();
        _costs = options.Costs is { } costs ? [.. costs] : Filled(probabilities.Length, 1L);
        _groupOf = options.GroupOf is { } groupOf ? [.. groupOf] : new int[probabilities.Length];
        _options = options;
        _copies = copies;
        _shares = GroupShares.Create(
            probabilities,
            copies is null ? [] : copies.Weights,
            _costs,
            _groupOf,
            groups,
            options.Total
        );
    }

    /// <summary>Draws the rows and returns their positions.</summary>
    /// <returns>The positions drawn, ascending.</returns>
    public int[] Run()
    {
        bool[] isDrawn = new bool[_probabilities.Length];
        bool isTop = _options.Sampling == SamplingMethod.Top;
        if (!isTop)
        {
            foreach (int position in DrawPivotal())
            {
                isDrawn[position] = true;
            }
        }

        // Pivotal draws have the right number of rows already; costs and top are met row by row.
        if (isTop || _options.Costs is not null)
        {
            CounterRandom random = new(_options.Seed, OrderStream);
            Meet(
                isDrawn,
                position => isTop ? -_probabilities[position] : random.Uniform((ulong)position) / _shares.Of(position)
            );
        }

        return [.. Enumerable.Range(0, isDrawn.Length).Where(position => isDrawn[position])];
    }

    /// <summary>
    /// Applies the pivotal method within each group first, so that the number of its rows is its expectation rounded
    /// down or up; the rows still undecided duel last. Copies of one group duel among themselves before all others.
    /// </summary>
    private List<int> DrawPivotal()
    {
        CounterRandom random = new(_options.Seed, (ulong)SamplingMethod.Distinct);
        PivotalDraw[] groups = [.. _shares.Aims.Select(_ => new PivotalDraw(random))];
        Dictionary<(int Group, int Copies), PivotalDraw> copies = [];
        for (int position = 0; position < _probabilities.Length; position++)
        {
            PivotalDraw draw = groups[_groupOf[position]];
            int same = _copies?.GroupOf[position] ?? CopyGroups.Alone;
            if (same != CopyGroups.Alone && !copies.TryGetValue((_groupOf[position], same), out draw!))
            {
                draw = copies[(_groupOf[position], same)] = new PivotalDraw(random);
            }

            draw.Add(position, _shares.Of(position), (ulong)position);
        }

        ulong duel = (ulong)(_probabilities.Length + groups.Length);
        foreach (((int group, _), PivotalDraw decided) in copies.OrderBy(pair => pair.Key))
        {
            groups[group].Drawn.AddRange(decided.Drawn);
            if (decided.Pivot >= 0)
            {
                groups[group].Add(decided.Pivot, decided.PivotInclusion, duel++);
            }
        }

        PivotalDraw rest = new(random);
        for (int g = 0; g < groups.Length; g++)
        {
            rest.Drawn.AddRange(groups[g].Drawn);
            if (groups[g].Pivot >= 0)
            {
                rest.Add(groups[g].Pivot, groups[g].PivotInclusion, (ulong)(_probabilities.Length + g));
            }
        }

        // The remaining probability of the last pivot is 0 or 1 up to rounding if rows are counted, and a fraction of
        // a row where costs are.
        if (rest.Pivot >= 0 && rest.PivotInclusion >= 0.5)
        {
            rest.Drawn.Add(rest.Pivot);
        }

        return rest.Drawn;
    }

    /// <summary>
    /// Drops rows from the end of an order, or adds rows from its beginning, until each group's cost is met to within
    /// half a row.
    /// </summary>
    /// <remarks>
    /// A shortfall of one group is made up by the next one as far as its bounds allow, those with the most room last;
    /// what is missing then is offered to all of them once more, and again while it is more than half a row. So the
    /// total is met within half a row too, unless every group is within half a row of its bound.
    /// </remarks>
    private void Meet(bool[] isDrawn, Func<int, double> orderOf)
    {
        Dictionary<int, int[]> groups = Enumerable
            .Range(0, isDrawn.Length)
            .Where(position => _costs[position] > 0)
            .GroupBy(position => _groupOf[position])
            .ToDictionary(group => group.Key, group => Sorted([.. group], orderOf));
        int[] order = [.. groups.Keys.OrderBy(_shares.RoomOf).ThenBy(group => group)];
        double carried = 0;
        foreach (int group in order)
        {
            carried = Meet(isDrawn, groups[group], group, _shares.Aims[group] + carried);
        }

        // A group that goes back into its bounds may leave something for those before it.
        double half = _costs.Max() / 2.0;
        for (int pass = 0; pass == 0 || (pass < MostPasses && Math.Abs(carried) > half); pass++)
        {
            foreach (int group in order)
            {
                carried = Meet(isDrawn, groups[group], group, Spent(isDrawn, groups[group]) + carried);
            }
        }
    }

    /// <summary>
    /// Moves the cost of one group to the wanted cost, within the group's bounds and to within half a row.
    /// </summary>
    /// <returns>The shortfall; negative if there is an excess.</returns>
    private double Meet(bool[] isDrawn, int[] members, int group, double wanted)
    {
        double aim = _shares.Bound(group, wanted);
        double missing = aim - Spent(isDrawn, members);
        for (int i = members.Length - 1; i >= 0 && missing < 0; i--)
        {
            if (isDrawn[members[i]] && -missing <= _costs[members[i]] / 2.0)
            {
                break;
            }

            missing += isDrawn[members[i]] ? _costs[members[i]] : 0;
            isDrawn[members[i]] = false;
        }

        for (int i = 0; i < members.Length && missing > 0; i++)
        {
            if (!isDrawn[members[i]] && missing < _costs[members[i]] / 2.0)
            {
                break;
            }

            missing -= isDrawn[members[i]] ? 0 : _costs[members[i]];
            isDrawn[members[i]] = true;
        }

        return wanted - aim + missing;
    }

    private double Spent(bool[] isDrawn, int[] members) =>
        members.Where(position => isDrawn[position]).Sum(position => (double)_costs[position]);

    private static int[] Sorted(int[] members, Func<int, double> orderOf)
    {
        double[] keys = Array.ConvertAll(members, position => orderOf(position));
        Array.Sort(keys, members);
        return members;
    }

    private static long[] Filled(int count, long value)
    {
        long[] values = new long[count];
        Array.Fill(values, value);
        return values;
    }
}
