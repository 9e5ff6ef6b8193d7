using System.Globalization;
using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Explain;

/// <summary>
/// Explains what a selection did with one row or one target, from its files, or from its inputs if the files do not
/// contain it.
/// </summary>
internal static class ExplanationJob
{
    /// <summary>Explains a target from the files of the selection.</summary>
    /// <param name="manifest">The selection.</param>
    /// <param name="target">The target, from 0.</param>
    /// <returns>The explanation.</returns>
    /// <exception cref="ArgumentException">There is no such target.</exception>
    /// <exception cref="InvalidDataException">A file of the selection is not usable.</exception>
    public static TargetExplanation ExplainTarget(SelectionManifest manifest, int target)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        CheckPlan(manifest);
        TargetRecord[] targets = [.. LineageFile.ReadTargets(manifest.Folder)];
        if (target < 0 || target >= targets.Length)
        {
            throw new ArgumentException($"Expected a target from 0 to {targets.Length - 1}, found {target}.");
        }

        TargetRecord served = targets[target];
        double[] levels = [.. targets.Select(other => other.WaterLevel.Value).OfType<double>().Order()];
        return new TargetExplanation
        {
            Target = target,
            File = served.File,
            Line = served.Line,
            Id = served.Id.Value,
            Weight = WeightOf(served),
            WaterLevel = served.WaterLevel.Value,
            NeighborsUsed = served.NeighborsUsed ?? 0,
            NearestDistance = served.NearestDistance,
            BetterServed =
                (double)targets.Count(other => other.NearestDistance < served.NearestDistance) / targets.Length,
            MedianWaterLevel = levels.Length > 0 ? levels[levels.Length / 2] : null,
            Rows =
            [
                .. LineageFile
                    .ReadLineage(manifest.Folder)
                    .SelectMany(row =>
                        PullsOn(row)
                            .Where(pull => pull.Target == target)
                            .Select(pull => new PulledRow(row.Row, row.Id.Value, pull.Distance, pull.Mass, row.Count))
                    )
                    .OrderBy(row => row.Distance)
                    .ThenBy(row => row.Row),
            ],
        };
    }

    /// <summary>Explains a row. Its neighborhood is measured from the inputs.</summary>
    /// <param name="manifest">The selection.</param>
    /// <param name="row">The row's number in the pool.</param>
    /// <param name="options">How the neighborhood is measured; null for the defaults.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The explanation.</returns>
    /// <exception cref="ArgumentException">There is no such row.</exception>
    /// <exception cref="IOException">An input is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file of the selection, or an input, is not usable.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<RowExplanation> ExplainRowAsync(
        SelectionManifest manifest,
        long row,
        RepeatOptions? options = null,
        IProgress<SelectionProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(manifest);
        CheckPlan(manifest);
        using RepeatedJob repeated = RepeatedJob.Of(manifest, options);
        SelectionJobOptions job = repeated.Options;
        using StagedFolder scratch = StagedFolder.Create(job.Output, force: false, SelectionFiles.Names);
        JobContext context = new()
        {
            Options = job,
            Files = JobFiles.Resolve(job),
            Scratch = scratch,
            Progress = progress,
            Cancellation = cancellationToken,
            CheckPoolRows = count => CheckRow(row, count),
        };
        using JobInputs inputs = await JobInputs.OpenAsync(context).ConfigureAwait(false);
        CheckRow(row, inputs.Pool.Pool.Count);

        // An excluded row is measured as if it were not, and of a copy the row that stands for it.
        ExcludedRecord? excluded = LineageFile
            .ReadExcluded(manifest.Folder)
            .FirstOrDefault(candidate => candidate.Row == row);
        long? first = excluded is null ? inputs.Copies.FirstOf(row) : null;
        ICandidatePool pool = excluded is null ? inputs.Candidates : inputs.Pool.Pool;
        SelectionOptions selection = inputs.Targets.Guide(job.Spec.Settings) with
        {
            ThreadCount = job.ThreadCount,
            Relevance = manifest.Record.Options?.Relevance ?? job.Spec.Settings.Relevance,
        };
        IReadOnlyList<TaskView> views = await DataSelector
            .FindViewsAsync(inputs.Candidates, inputs.Targets.Embeddings, selection, cancellationToken)
            .ConfigureAwait(false);
        long measured = first ?? row;
        RowMeasurement measurement = await RowMeasurement
            .TakeAsync(pool, inputs.Targets.Embeddings, views, selection.TargetTasks, measured, cancellationToken)
            .ConfigureAwait(false);
        LineageRecord[] lineage = [.. LineageFile.ReadLineage(manifest.Folder)];
        LineageRecord? line = lineage.FirstOrDefault(candidate => candidate.Row == measured);
        double bandwidth = manifest.Record.Solution!.Bandwidth;
        double density =
            line is { Density: { } known } ? known
            : bandwidth > 0 ? await measurement.DensityAsync(bandwidth, cancellationToken).ConfigureAwait(false)
            : 1;
        RowExplanation explanation = new()
        {
            Row = row,
            Repeats = excluded is null ? null : Repetition(excluded),
            CopyOf = first,
            Relevance = measurement.RelevanceTo(inputs.Targets.Tasks),
            Outcome =
                excluded is not null ? "excluded"
                : first is not null ? "copy"
                : line is null ? "unreached"
                : line.Count > 0 ? "chosen"
                : "reached",
            Count = line is null || first is not null ? 0 : line.Count,
            Probability = line is null || first is not null ? 0 : line.Probability ?? 0,
            ExpectedCount = line is null || first is not null ? 0 : ExpectedDraw.CountOf(manifest, lineage, line),
            Sampling = manifest.Record.Selection?.Sampling is { } sampling ? OptionNames.Of(sampling) : "",
            Budget = manifest.Record.Selection?.Budget ?? 0,
            Density = density,
            Bandwidth = bandwidth,
            NearCopies =
                bandwidth > 0
                    ? await NearCopiesAsync(measurement, lineage, bandwidth, cancellationToken).ConfigureAwait(false)
                    : [],
            Targets = await TargetsAsync(manifest, measurement, line, density, cancellationToken).ConfigureAwait(false),
        };
        if (first is null && (line is not null || excluded is not null))
        {
            return explanation with
            {
                File = line?.File ?? excluded?.File,
                Line = line?.Line ?? excluded?.Line,
                Id = line is not null ? line.Id.Value : excluded!.Id.Value,
            };
        }

        return Locate(explanation, inputs.Pool.Rows, cancellationToken);
    }

    private static void CheckRow(long row, long count)
    {
        if (row < 0 || row >= count)
        {
            throw new ArgumentException($"Expected a row from 0 to {count - 1}, found {row}.");
        }
    }

    private static void CheckPlan(SelectionManifest manifest)
    {
        if (manifest.Record.Solution is null)
        {
            throw new InvalidOperationException(
                $"Expected a selection by optimal transport, found one by {manifest.Method}, which has no "
                    + $"plan to explain; its {LineageFile.Lineage} has rank and score of each row, its "
                    + $"{LineageFile.Targets} the nearest selected row of each target."
            );
        }
    }

    private static async Task<IReadOnlyList<NearCopy>> NearCopiesAsync(
        RowMeasurement measurement,
        LineageRecord[] lineage,
        double bandwidth,
        CancellationToken cancellationToken
    )
    {
        Dictionary<long, long> counts = lineage.ToDictionary(line => line.Row, line => line.Count);
        IReadOnlyList<(long Row, double Distance)> copies = await measurement
            .NearestAsync(bandwidth, cancellationToken)
            .ConfigureAwait(false);
        return [.. copies.Select(copy => new NearCopy(copy.Row, copy.Distance, counts.GetValueOrDefault(copy.Row)))];
    }

    private static async Task<IReadOnlyList<RowTarget>> TargetsAsync(
        SelectionManifest manifest,
        RowMeasurement measurement,
        LineageRecord? line,
        double density,
        CancellationToken cancellationToken
    )
    {
        TargetRecord[] targets = [.. LineageFile.ReadTargets(manifest.Folder)];
        double? effectiveNeighbors = manifest.Record.Solution!.EffectiveNeighbors;
        Dictionary<int, double> masses = line is null
            ? []
            : PullsOn(line).ToDictionary(pull => pull.Target, pull => pull.Mass);
        int[] shown =
            masses.Count > 0
                ? [.. PullsOn(line!).Select(pull => pull.Target)]
                :
                [
                    .. new[]
                    {
                        Smallest(measurement.Distances, _ => 0),
                        Smallest(measurement.Distances, target => targets[target].WaterLevel.Value ?? 0),
                    }.Distinct(),
                ];
        List<RowTarget> explained = [];
        foreach (int target in shown)
        {
            TargetRecord served = targets[target];
            double distance = measurement.Distances[target];
            explained.Add(
                new RowTarget(
                    target,
                    served.Id.Value,
                    distance,
                    measurement.Nearness[target],
                    await measurement.RankAsync(target, cancellationToken).ConfigureAwait(false),
                    served.WaterLevel.Value,
                    served.NeighborsUsed ?? 0,
                    effectiveNeighbors is { } neighbors ? WeightOf(served) / (density * neighbors) : null,
                    masses.GetValueOrDefault(target)
                )
            );
        }

        return explained;
    }

    /// <summary>Returns the target for which the distance exceeds a value least, ties by number.</summary>
    private static int Smallest(IReadOnlyList<double> distances, Func<int, double> without) =>
        Enumerable.Range(0, distances.Count).MinBy(target => distances[target] - without(target));

    private static string Repetition(ExcludedRecord excluded)
    {
        MatchRecord match = excluded.Match;
        string row = match.File is { } file ? $"{file}, line {match.Line}" : $"vector {match.Row}";
        string distance = excluded.Distance is { } number
            ? string.Create(CultureInfo.InvariantCulture, $" at distance {number:G4}")
            : "";
        string how = excluded.Reason == ExcludedRecord.SameText ? "the same text as" : "near";
        return $"--{excluded.Option}: {how} {row}{distance}";
    }

    private static RowExplanation Locate(
        RowExplanation explanation,
        RowReader? rows,
        CancellationToken cancellationToken
    )
    {
        if (rows is not null)
        {
            foreach (Row row in rows.Read(RowFields.Identity, null, cancellationToken))
            {
                if (row.Index == explanation.Row)
                {
                    return explanation with { File = rows.Files[row.FileIndex].Path, Line = row.Line, Id = row.Id };
                }
            }
        }

        return explanation;
    }

    private static IReadOnlyList<PullRecord> PullsOn(LineageRecord line) => line.Targets ?? [];

    private static double WeightOf(TargetRecord target) =>
        target.Weight
        ?? throw new InvalidDataException(
            $"Expected the weight of target {target.Target} in {LineageFile.Targets}, found none; select again to get "
                + $"the file."
        );
}
