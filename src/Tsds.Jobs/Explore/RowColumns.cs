using System.Numerics.Tensors;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Explore;

/// <summary>Represents the columns of an explored selection: what rows are colored and filtered by.</summary>
internal sealed class RowColumns : IDisposable
{
    private const string Category = "category";
    private const string Number = "number";
    private const string FieldPrefix = "field:";
    private const int RowsAtOnce = 4_096;

    private readonly SelectionExplorer _explorer;
    private readonly int _count;
    private readonly Dictionary<string, ColumnValues> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Initializes the columns of a selection.</summary>
    /// <param name="explorer">The selection.</param>
    public RowColumns(SelectionExplorer explorer)
    {
        _explorer = explorer;
        _count = checked((int)explorer.RowCount);
        (int[] groups, float[] sizes) = ReadGroups();
        _known["group"] = new ColumnValues(groups, null);
        _known["copies"] = new ColumnValues(null, sizes);
        if (explorer.Facts.Texts is not null)
        {
            _known["source"] = new ColumnValues([.. explorer.Facts.SourceOf], null);
        }

        if (explorer.Facts.Tokens.Count > 0)
        {
            _known["tokens"] = new ColumnValues(null, [.. explorer.Facts.Tokens.Select(tokens => (float)tokens)]);
        }

        foreach ((string name, RowColumn column) in explorer.Facts.Fields)
        {
            _known[FieldPrefix + name] = column.IsNumber
                ? new ColumnValues(null, column.Numbers(_count))
                : new ColumnValues(column.Codes(_count), null);
        }
    }

    /// <summary>Describes the columns.</summary>
    public IReadOnlyList<ColumnInfo> Describe()
    {
        List<ColumnInfo> columns = [];
        if (_known.ContainsKey("source"))
        {
            columns.Add(new ColumnInfo("source", "source", Category, IsField: false, _explorer.Facts.Sources));
        }

        if (_explorer.CanPlan)
        {
            columns.Add(new ColumnInfo("density", "density", Number, IsField: false));
            columns.Add(new ColumnInfo("probability", "probability", Number, IsField: false));
            if (_explorer.Manifest.Record.Solution?.Relevance is { Count: > 0 })
            {
                columns.Add(new ColumnInfo("relevance", "cost of relevance", Number, IsField: false));
            }
        }

        columns.Add(new ColumnInfo("nearestTarget", "nearest target", Category, IsField: false));
        columns.Add(new ColumnInfo("nearestDistance", "distance to the nearest target", Number, IsField: false));
        columns.Add(Measured("copies", "rows that are the same or near", isField: false));
        columns.Add(new ColumnInfo("group", "group of copies", Category, IsField: false));
        if (_known.ContainsKey("tokens"))
        {
            columns.Add(Measured("tokens", "tokens", isField: false));
        }

        columns.AddRange(
            _explorer.Facts.Fields.Select(pair =>
                pair.Value.IsNumber
                    ? Measured(FieldPrefix + pair.Key, pair.Key, isField: true)
                    : new ColumnInfo(FieldPrefix + pair.Key, pair.Key, Category, IsField: true, pair.Value.Values)
            )
        );
        return columns;
    }

    /// <summary>Gets the values of a column.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="plan">The plan that probabilities and densities are of.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The values, or null where there is no such column.</returns>
    public async Task<ColumnValues?> ReadAsync(string name, ExploredPlan plan, CancellationToken cancellationToken)
    {
        if (name is "probability" or "density" && plan.Transport is { } result)
        {
            return new ColumnValues(null, SharesOf(result, name));
        }

        if (name is not ("relevance" or "nearestTarget" or "nearestDistance"))
        {
            return _known.GetValueOrDefault(name);
        }

        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_known.ContainsKey(name))
            {
                await MeasureAsync(cancellationToken).ConfigureAwait(false);
            }

            return _known.GetValueOrDefault(name);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Releases what is held.</summary>
    public void Dispose() => _turn.Dispose();

    private ColumnInfo Measured(string name, string label, bool isField)
    {
        float[] numbers = _known[name].Numbers!;
        float least = float.PositiveInfinity;
        float most = float.NegativeInfinity;
        foreach (float number in numbers)
        {
            if (float.IsFinite(number))
            {
                (least, most) = (Math.Min(least, number), Math.Max(most, number));
            }
        }

        return new ColumnInfo(
            name,
            label,
            Number,
            isField,
            null,
            float.IsFinite(least) ? least : null,
            float.IsFinite(most) ? most : null
        );
    }

    private float[] SharesOf(SelectionResult result, string name)
    {
        float[] numbers = new float[_count];
        if (name == "density")
        {
            Array.Fill(numbers, 1);
        }

        ReadOnlySpan<double> values = (name == "density" ? result.Plan.Densities : result.Plan.Probabilities).Span;
        for (int i = 0; i < values.Length; i++)
        {
            numbers[result.Plan.CandidateIds.Span[i]] = (float)values[i];
        }

        return numbers;
    }

    private (int[] Groups, float[] Sizes) ReadGroups()
    {
        int[] groups = new int[_count];
        float[] sizes = new float[_count];
        Array.Fill(groups, -1);
        Array.Fill(sizes, 1);
        int next = 0;
        foreach (DuplicateGroup group in LineageFile.ReadGroups(_explorer.Manifest.Folder))
        {
            foreach (GroupMember member in group.Members.Where(member => member.Row < _count))
            {
                groups[member.Row] = group.Cluster;
                sizes[member.Row] = group.Members.Count;
            }

            next = Math.Max(next, group.Cluster + 1);
        }

        // Copies that no target reaches are in no file.
        foreach (
            IGrouping<long, long> group in _explorer
                .Inputs.Copies.All.Where(copy => groups[copy.Row] < 0)
                .GroupBy(copy => copy.First, copy => copy.Row)
        )
        {
            long[] rows = [group.Key, .. group];
            foreach (long row in rows)
            {
                groups[row] = next;
                sizes[row] = rows.Length;
            }

            next++;
        }

        return (groups, sizes);
    }

    /// <summary>Measures every row once: what relevance costs it, and which target is nearest.</summary>
    private async Task MeasureAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<PoolView> views = _explorer.Current.Transport?.Views ?? [new PoolView(default, default, 0)];
        PoolView centering = new(views[0].Mean, default, 0);
        EmbeddingMatrix targets = centering.Apply(_explorer.Inputs.Targets.Embeddings);
        ICandidatePool pool = _explorer.Inputs.Pool.Pool;
        float[] costs = new float[_count];
        float[] distances = new float[_count];
        int[] nearest = new int[_count];
        PoolView[] priced = [.. views.Where(view => !view.Direction.IsEmpty)];
        await Parallel
            .ForAsync(
                0,
                (_count + RowsAtOnce - 1) / RowsAtOnce,
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = _explorer.Context.Options.ThreadCount,
                    CancellationToken = cancellationToken,
                },
                async (block, token) =>
                {
                    int first = block * RowsAtOnce;
                    long[] ids =
                    [
                        .. Enumerable.Range(first, Math.Min(RowsAtOnce, _count - first)).Select(row => (long)row),
                    ];
                    EmbeddingMatrix rows = centering.Apply(
                        await pool.ReadEmbeddingsAsync(ids, token).ConfigureAwait(false)
                    );
                    for (int i = 0; i < ids.Length; i++)
                    {
                        costs[first + i] = priced.Length > 0 ? (float)CostOf(priced, rows[i]) : 0;
                        (nearest[first + i], distances[first + i]) = NearestTo(targets, rows[i]);
                    }
                }
            )
            .ConfigureAwait(false);
        _known["relevance"] = new ColumnValues(null, costs);
        _known["nearestTarget"] = new ColumnValues(nearest, null);
        _known["nearestDistance"] = new ColumnValues(null, distances);
    }

    private static double CostOf(PoolView[] views, ReadOnlySpan<float> row)
    {
        double least = double.PositiveInfinity;
        foreach (PoolView view in views)
        {
            least = Math.Min(least, view.CostOf(row));
        }

        return least;
    }

    private static (int Target, float Distance) NearestTo(EmbeddingMatrix targets, ReadOnlySpan<float> row)
    {
        int nearest = 0;
        float least = float.PositiveInfinity;
        for (int target = 0; target < targets.Count; target++)
        {
            float distance = TensorPrimitives.Distance(row, targets[target]);
            (nearest, least) = distance < least ? (target, distance) : (nearest, least);
        }

        return (nearest, least);
    }
}
