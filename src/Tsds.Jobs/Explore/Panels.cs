using System.Globalization;
using Tsds.Data.Rows;
using Tsds.Jobs.Explain;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Explore;

/// <summary>Looks closely at one row, or at one target, of a plan.</summary>
internal sealed class Panels(SelectionExplorer explorer)
{
    private const int MostRows = 1_000;
    private const int MostTargets = 16;
    private const int LastPlace = 1_000;

    private readonly RowReaderOptions _options = explorer.Context.RowOptions;
    private (ExploredPlan Plan, IReadOnlyList<TaskView> Views)? _seen;

    /// <summary>Shows a row.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="row">The row.</param>
    /// <param name="start">The character that the page of its text starts at.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<RowPanel> ShowRowAsync(
        ExploredPlan plan,
        long row,
        int start,
        CancellationToken cancellationToken
    )
    {
        RowPanel panel = await MeasureAsync(plan, row, cancellationToken).ConfigureAwait(false);
        if (explorer.Facts.Texts is not { } texts)
        {
            return panel;
        }

        byte[] utf8 = texts.ReadRow(row);
        (string file, long line) = explorer.Facts.PlaceOf(row);
        return panel with
        {
            Id = IdOf(utf8),
            File = file,
            Line = line,
            Source = explorer.Facts.SourceNameOf(row),
            Text = ShownText.Read(_options, utf8, texts.ReadText(row, int.MaxValue / 4).Text, start),
            Fields = ShownText.FieldsOf(utf8),
        };
    }

    /// <summary>Shows a target.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="target">The target, as it is numbered on disk.</param>
    /// <param name="start">The character that the page of its text starts at.</param>
    public TargetPanel ShowTarget(ExploredPlan plan, int target, int start)
    {
        TargetInputs all = explorer.Inputs.Targets;
        TargetRow? row = all.Rows?[target];
        TargetPanel panel = new()
        {
            Target = target,
            Id = row?.Id,
            File = row?.File,
            Line = row?.Line,
            Task = all.Tasks?.NameOf(target),
            Text = row is null ? null : ShownText.Read(_options, [], row.Text, start),
        };
        int number = plan.OriginalTargets is { } originals ? Array.IndexOf(originals, target) : target;
        if (number < 0 || plan.Transport is not { } result)
        {
            return panel with
            {
                IsLeftOut = number < 0,
                NearestDistance = number < 0 ? 0 : plan.Selection.NearestDistances[number],
            };
        }

        TargetReport report = result.Targets[number];
        ReadOnlySpan<TransportEntry> entries = result.Plan.EntriesOf(number).Span;
        List<ServedRow> rows = [];
        double sum = 0;
        foreach (TransportEntry entry in entries)
        {
            sum += entry.Mass * entry.Distance;
            if (rows.Count < MostRows)
            {
                rows.Add(
                    new ServedRow(
                        entry.CandidateId,
                        entry.Distance,
                        entry.Mass,
                        plan.CountOf(entry.CandidateId),
                        plan.ShareOf(entry.CandidateId)?.Probability ?? 0
                    )
                );
            }
        }

        double? median = PlanOutline.MedianOf(result.Targets.Select(target => target.WaterLevel));
        return panel with
        {
            Weight = report.Weight,
            WaterLevel = Finite(report.WaterLevel),
            MedianWaterLevel = median,
            NeighborsUsed = report.NeighborsUsed,
            NearestDistance = report.NearestDistance,
            BetterServed =
                (double)result.Targets.Count(other => other.NearestDistance < report.NearestDistance)
                / result.Targets.Count,
            IsOutOfReach = report.NearestDistance > median,
            TransportCost = sum,
            Rows = rows,
        };
    }

    /// <summary>Returns a number, or null where it is none or infinite.</summary>
    /// <param name="value">The number.</param>
    public static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private async Task<RowPanel> MeasureAsync(ExploredPlan plan, long row, CancellationToken cancellationToken)
    {
        JobInputs inputs = plan.Inputs;
        long? first = inputs.Copies.FirstOf(row);
        long measured = first ?? row;
        (double Probability, double Density)? share = plan.ShareOf(measured);
        RowPanel panel = new()
        {
            Row = row,
            Outcome = "",
            Why = "",
            Count = first is null ? plan.CountOf(row) : 0,
            Probability = first is null ? share?.Probability ?? 0 : 0,
            Density = share?.Density,
            Bandwidth = plan.Selection.Bandwidth,
            CopyOf = first,
            Copies = [.. inputs.Copies.CopiesOf(measured).Where(copy => copy != row).Take(MostRows)],
        };
        if (plan.Transport is not { } result)
        {
            return panel with
            {
                Outcome = plan.IsChosen(row) ? "chosen" : "unreached",
                Why = plan.IsChosen(row)
                    ? $"{explorer.Manifest.Method} chose it."
                    : $"{explorer.Manifest.Method} did not choose it.",
            };
        }

        bool isCandidate = inputs.HiddenIds.Span.BinarySearch(measured) < 0;
        RowMeasurement measurement = await RowMeasurement
            .TakeAsync(
                inputs.Reference,
                inputs.Targets.Embeddings,
                await ViewsAsync(plan, cancellationToken).ConfigureAwait(false),
                inputs.Targets.Guide(plan.Spec.Settings).TargetTasks,
                measured,
                cancellationToken
            )
            .ConfigureAwait(false);
        double bandwidth = plan.Selection.Bandwidth;
        IReadOnlyList<NearCopy> near =
            bandwidth > 0
                ?
                [
                    .. (await measurement.NearestAsync(bandwidth, cancellationToken).ConfigureAwait(false)).Select(
                        copy => new NearCopy(copy.Row, copy.Distance, plan.CountOf(copy.Row))
                    ),
                ]
                : [];
        panel = panel with
        {
            NearCopies = near,
            Relevance = measurement.RelevanceTo(inputs.Targets.Tasks),
            Targets = await PullsAsync(plan, result, measurement, measured, cancellationToken).ConfigureAwait(false),
        };
        (string outcome, string why) = Judge(plan, panel, isCandidate);
        return panel with { Outcome = outcome, Why = why };
    }

    /// <summary>Returns how a plan sees its rows; for row after row of one plan it is found once.</summary>
    private async Task<IReadOnlyList<TaskView>> ViewsAsync(ExploredPlan plan, CancellationToken cancellationToken)
    {
        if (_seen is { } seen && seen.Plan == plan)
        {
            return seen.Views;
        }

        SelectionOptions guide = plan.Inputs.Targets.Guide(plan.Spec.Settings) with
        {
            ThreadCount = explorer.Context.Options.ThreadCount,
        };
        IReadOnlyList<TaskView> views = await DataSelector
            .FindViewsAsync(plan.Inputs.Candidates, plan.Inputs.Targets.Embeddings, guide, cancellationToken)
            .ConfigureAwait(false);
        _seen = (plan, views);
        return views;
    }

    private async Task<IReadOnlyList<RowPull>> PullsAsync(
        ExploredPlan plan,
        SelectionResult result,
        RowMeasurement measurement,
        long row,
        CancellationToken cancellationToken
    )
    {
        Dictionary<int, double> masses = [];
        foreach (TransportEntry entry in result.Plan.Entries.Span)
        {
            if (entry.CandidateId == row)
            {
                masses[entry.Target] = entry.Mass;
            }
        }

        int[] shown =
            masses.Count > 0
                ?
                [
                    .. masses
                        .OrderByDescending(pull => pull.Value)
                        .ThenBy(pull => pull.Key)
                        .Take(MostTargets)
                        .Select(pull => pull.Key),
                ]
                : [.. Nearest(measurement, result)];
        double? density = plan.ShareOf(row)?.Density;
        List<RowPull> pulls = [];
        foreach (int target in shown)
        {
            TargetReport report = result.Targets[target];
            int original = plan.OriginalOf(target);
            pulls.Add(
                new RowPull(
                    original,
                    explorer.Inputs.Targets.Rows is { } rows && original < rows.Count ? rows[original].Id : null,
                    masses.GetValueOrDefault(target),
                    measurement.Distances[target],
                    measurement.Nearness[target],
                    await PlaceAsync(plan, target, row, cancellationToken).ConfigureAwait(false),
                    Finite(report.WaterLevel),
                    report.NeighborsUsed,
                    density is { } known && result.EffectiveNeighbors is { } neighbors
                        ? report.Weight / (known * neighbors)
                        : null
                )
            );
        }

        return pulls;
    }

    /// <summary>Returns the nearest target, and the one whose water level comes nearest to the row.</summary>
    private static IEnumerable<int> Nearest(RowMeasurement measurement, SelectionResult result)
    {
        int[] all = [.. Enumerable.Range(0, measurement.Distances.Count)];
        int nearest = all.MinBy(target => measurement.Distances[target]);
        int highest = all.MinBy(target =>
            measurement.Distances[target] - (Finite(result.Targets[target].WaterLevel) ?? 0)
        );
        return [.. new[] { nearest, highest }.Distinct()];
    }

    private static async Task<int?> PlaceAsync(
        ExploredPlan plan,
        int target,
        long row,
        CancellationToken cancellationToken
    )
    {
        SelectionOptions guide = plan.Inputs.Targets.Guide(plan.Spec.Settings);
        PoolView view = plan.Transport!.Views[guide.TargetTasks?[target] ?? 0];
        ICandidatePool pool = plan.Inputs.Reference;
        PoolView centering = new(view.Mean, default, 0);
        EmbeddingMatrix query = centering.Apply(plan.Inputs.Targets.Embeddings.Gather([target]));
        NeighborTable table = await (view.Mean.IsEmpty && view.Direction.IsEmpty ? pool : pool.WithView(view))
            .FindNearestAsync(query, (int)Math.Min(LastPlace, pool.Count), null, cancellationToken)
            .ConfigureAwait(false);
        int place = table.CandidateIds(0).IndexOf(row);
        return place < 0 ? null : place + 1;
    }

    private static (string Outcome, string Why) Judge(ExploredPlan plan, RowPanel panel, bool isCandidate)
    {
        if (plan.Inputs.Withheld.Kept.Contains(panel.Row))
        {
            return ("kept", "It is kept: written first, beside the budget.");
        }

        if (panel.CopyOf is { } first)
        {
            return ("copy", $"It is the same as row {first}, which stands for it.");
        }

        if (!isCandidate)
        {
            return plan.Inputs.Withheld.Ids.Span.BinarySearch(panel.Row) >= 0
                ? ("excluded", "It was left out by its number.")
                : ("excluded", "It repeats a row of --exclude or --keep.");
        }

        string sampling = OptionNames.Of(plan.Spec.Sampling);
        if (panel.Count > 0)
        {
            return (
                "chosen",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Targets send it a probability of {panel.Probability:G3}, and the {sampling} draw took it."
                )
            );
        }

        if (panel.Probability > 0)
        {
            return (
                "reached",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Targets send it a probability of {panel.Probability:G3}; the {sampling} draw took other rows."
                )
            );
        }

        RowPull? nearest = panel.Targets is [{ } pull, ..] ? pull : null;
        return (
            "unreached",
            nearest is null
                ? "No target reaches it."
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"No target reaches it: the nearest, target {nearest.Target}, is at {nearest.Distance:G3}, and its "
                        + $"mass rises up to {nearest.WaterLevel ?? 0:G3}."
                )
        );
    }

    private static string? IdOf(byte[] utf8) =>
        ShownText.FieldsOf(utf8).FirstOrDefault(field => field.Name == "id")?.Value;
}
