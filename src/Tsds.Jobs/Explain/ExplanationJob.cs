using System.Globalization;
using System.Text.Json.Nodes;
using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Explain;

/// <summary>
/// Explains what a selection did with one row or one target: from its files, and from its inputs where the files do not
/// tell.
/// </summary>
public static class ExplanationJob
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
        JsonObject[] targets = [.. LineageFile.Read(manifest.Folder, LineageFile.Targets)];
        if (target < 0 || target >= targets.Length)
        {
            throw new ArgumentException($"Expected a target from 0 to {targets.Length - 1}, found {target}.");
        }

        JsonObject line = targets[target];
        double nearest = Number(line, "nearestDistance")!.Value;
        double[] levels = [.. targets.Select(other => Number(other, "waterLevel")).OfType<double>().Order()];
        return new TargetExplanation
        {
            Target = target,
            File = Text(line, "file"),
            Line = (long?)Number(line, "line"),
            Id = Text(line, "id"),
            Weight = Number(line, "weight")!.Value,
            WaterLevel = Number(line, "waterLevel"),
            NeighborsUsed = (long)Number(line, "neighborsUsed")!.Value,
            NearestDistance = nearest,
            BetterServed = (double)targets.Count(other => Number(other, "nearestDistance") < nearest) / targets.Length,
            MedianWaterLevel = levels.Length > 0 ? levels[levels.Length / 2] : null,
            Rows =
            [
                .. LineageFile
                    .Read(manifest.Folder)
                    .SelectMany(row =>
                        Pulls(row)
                            .Where(pull => pull.Target == target)
                            .Select(pull => new PulledRow(
                                RowOf(row),
                                Text(row, "id"),
                                pull.Distance,
                                pull.Mass,
                                CountOf(row)
                            ))
                    )
                    .OrderBy(row => row.Distance)
                    .ThenBy(row => row.Row),
            ],
        };
    }

    /// <summary>Explains a row; its neighborhood is measured from the inputs.</summary>
    /// <param name="manifest">The selection.</param>
    /// <param name="job">The job that made it, with a folder of its own as output, in which nothing is left.</param>
    /// <param name="row">The row's number in the pool.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The explanation.</returns>
    /// <exception cref="ArgumentException">There is no such row.</exception>
    /// <exception cref="IOException">An input is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file of the selection, or an input, is not usable.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<RowExplanation> ExplainRowAsync(
        SelectionManifest manifest,
        SelectionJobOptions job,
        long row,
        IProgress<SelectionProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(manifest);
        ArgumentNullException.ThrowIfNull(job);
        CheckPlan(manifest);
        using StagedFolder scratch = StagedFolder.Create(job.Output, force: false, SelectionFiles.Names);
        JobContext context = new()
        {
            Options = job,
            Files = JobFiles.Resolve(job),
            Scratch = scratch,
            Progress = progress,
            Cancellation = cancellationToken,
        };
        using JobInputs inputs = await JobInputs.OpenAsync(context).ConfigureAwait(false);
        if (row < 0 || row >= inputs.Pool.Pool.Count)
        {
            throw new ArgumentException($"Expected a row from 0 to {inputs.Pool.Pool.Count - 1}, found {row}.");
        }

        // An excluded row is measured as if it were not, and of a copy the row that stands for it.
        JsonObject? excluded = LineageFile
            .Read(manifest.Folder, LineageFile.Excluded)
            .FirstOrDefault(candidate => RowOf(candidate) == row);
        long? first = excluded is null ? inputs.Copies.FirstOf(row) : null;
        ICandidatePool pool = excluded is null ? inputs.Candidates : inputs.Pool.Pool;
        SelectionOptions selection = inputs.Targets.Guide(job.Spec.Settings) with
        {
            ThreadCount = job.ThreadCount,
            Relevance = Number(manifest.Root["options"], "relevance") ?? job.Spec.Settings.Relevance,
        };
        IReadOnlyList<PoolView> views = await DataSelector
            .FindViewsAsync(inputs.Candidates, inputs.Targets.Embeddings, selection, cancellationToken)
            .ConfigureAwait(false);
        long measured = first ?? row;
        RowMeasurement measurement = await RowMeasurement
            .TakeAsync(pool, inputs.Targets.Embeddings, views, selection.TargetTasks, measured, cancellationToken)
            .ConfigureAwait(false);
        JsonObject[] lineage = [.. LineageFile.Read(manifest.Folder)];
        JsonObject? line = lineage.FirstOrDefault(candidate => RowOf(candidate) == measured);
        double bandwidth = Number(manifest.Root["solution"], "bandwidth") ?? 0;
        double density =
            line is not null ? Number(line, "density")!.Value
            : bandwidth > 0 ? await measurement.DensityAsync(bandwidth, cancellationToken).ConfigureAwait(false)
            : 1;
        RowExplanation explanation = new()
        {
            Row = row,
            Repeats = excluded is null ? null : Repetition(excluded),
            CopyOf = first,
            Relevance =
            [
                .. measurement
                    .Costs.Select(
                        (cost, task) =>
                            measurement.TargetShareOf(task, selection.TargetWeights) is { } share
                                ? new RowRelevance(inputs.Targets.Tasks?.NameOfTask(task), share, cost)
                                : null
                    )
                    .OfType<RowRelevance>(),
            ],
            Outcome =
                excluded is not null ? "excluded"
                : first is not null ? "copy"
                : line is null ? "unreached"
                : CountOf(line) > 0 ? "chosen"
                : "reached",
            Count = line is null || first is not null ? 0 : CountOf(line),
            Probability = line is null || first is not null ? 0 : Number(line, "probability")!.Value,
            ExpectedCount = line is null || first is not null ? 0 : ExpectedCount(manifest, lineage, line),
            Sampling = Text(manifest.Root["selection"], "sampling") ?? "",
            Budget = (long)(Number(manifest.Root["selection"], "budget") ?? 0),
            Density = density,
            Bandwidth = bandwidth,
            NearCopies =
                bandwidth > 0
                    ? await NearCopiesAsync(measurement, lineage, bandwidth, cancellationToken).ConfigureAwait(false)
                    : [],
            Targets = await TargetsAsync(manifest, measurement, line, density, cancellationToken).ConfigureAwait(false),
        };
        return Locate(explanation, first is null ? line ?? excluded : null, inputs.Pool.Rows, cancellationToken);
    }

    /// <summary>Finds the row or target of an id.</summary>
    /// <param name="manifest">The selection.</param>
    /// <param name="id">The id of a row that has a probability, or of a target.</param>
    /// <returns>The number of the row or of the target, the other null; both null where neither has this id.</returns>
    public static (long? Row, int? Target) Find(SelectionManifest manifest, string id)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        if (LineageFile.Read(manifest.Folder).FirstOrDefault(line => Text(line, "id") == id) is { } row)
        {
            return (RowOf(row), null);
        }

        JsonObject? target = LineageFile
            .Read(manifest.Folder, LineageFile.Targets)
            .FirstOrDefault(line => Text(line, "id") == id);
        return (null, target is null ? null : (int)Number(target, "target")!.Value);
    }

    /// <summary>Finds the row of an id in the inputs, where a row that was never reached stands.</summary>
    /// <param name="job">The job.</param>
    /// <param name="id">The id.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The row's number, or null.</returns>
    /// <exception cref="IOException">An input is missing or cannot be read.</exception>
    public static long? FindInPool(SelectionJobOptions job, string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(job);
        JobFiles files = JobFiles.Resolve(job);
        if (files.PoolFiles.Count == 0)
        {
            return null;
        }

        RowReader rows = new(files.PoolFiles, files.RowOptions(job));
        foreach (Row row in rows.Read(RowFields.Identity, null, cancellationToken))
        {
            if (row.Id == id)
            {
                return row.Index;
            }
        }

        return null;
    }

    private static void CheckPlan(SelectionManifest manifest)
    {
        if (manifest.Root["solution"] is null)
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
        JsonObject[] lineage,
        double bandwidth,
        CancellationToken cancellationToken
    )
    {
        Dictionary<long, long> counts = lineage.ToDictionary(RowOf, CountOf);
        IReadOnlyList<(long Row, double Distance)> copies = await measurement
            .NearestAsync(bandwidth, cancellationToken)
            .ConfigureAwait(false);
        return [.. copies.Select(copy => new NearCopy(copy.Row, copy.Distance, counts.GetValueOrDefault(copy.Row)))];
    }

    private static async Task<IReadOnlyList<RowTarget>> TargetsAsync(
        SelectionManifest manifest,
        RowMeasurement measurement,
        JsonObject? line,
        double density,
        CancellationToken cancellationToken
    )
    {
        JsonObject[] targets = [.. LineageFile.Read(manifest.Folder, LineageFile.Targets)];
        double? effectiveNeighbors = Number(manifest.Root["solution"], "effectiveNeighbors");
        Dictionary<int, double> masses = line is null
            ? []
            : Pulls(line).ToDictionary(pull => pull.Target, pull => pull.Mass);
        int[] shown =
            masses.Count > 0
                ? [.. Pulls(line!).Select(pull => pull.Target)]
                :
                [
                    .. new[]
                    {
                        Smallest(measurement.Distances, _ => 0),
                        Smallest(measurement.Distances, target => Number(targets[target], "waterLevel") ?? 0),
                    }.Distinct(),
                ];
        List<RowTarget> explained = [];
        foreach (int target in shown)
        {
            JsonObject served = targets[target];
            double distance = measurement.Distances[target];
            explained.Add(
                new RowTarget(
                    target,
                    Text(served, "id"),
                    distance,
                    measurement.Nearness[target],
                    await measurement.RankAsync(target, cancellationToken).ConfigureAwait(false),
                    Number(served, "waterLevel"),
                    (long)Number(served, "neighborsUsed")!.Value,
                    effectiveNeighbors is { } neighbors
                        ? Number(served, "weight")!.Value / (density * neighbors)
                        : null,
                    masses.GetValueOrDefault(target)
                )
            );
        }

        return explained;
    }

    /// <summary>The target for which the distance exceeds something least, ties by number.</summary>
    private static int Smallest(IReadOnlyList<double> distances, Func<int, double> without) =>
        Enumerable.Range(0, distances.Count).MinBy(target => distances[target] - without(target));

    /// <summary>
    /// The average times a row is drawn: min(a, c·p) with Σ min(a_j, c·p_j) = B where no row comes twice, B·p otherwise.
    /// </summary>
    private static double? ExpectedCount(SelectionManifest manifest, JsonObject[] lineage, JsonObject line)
    {
        JsonNode selection = manifest.Root["selection"]!;
        if (selection["tokens"] is not null || selection["shares"] is JsonArray { Count: > 0 })
        {
            // Each source has a factor of its own, which the files do not tell.
            return null;
        }

        double budget = Number(selection, "budget")!.Value;
        double probability = Number(line, "probability")!.Value;
        switch (Text(selection, "sampling"))
        {
            case "top":
                return null;
            case "distinct":
                bool sharesDraw = Text(manifest.Root["options"], "copies") == OptionNames.Of(CopyPolicy.Once);
                double weight = sharesDraw ? WeightOf(line) : 1;
                double[] weights = [.. lineage.Select(row => sharesDraw ? WeightOf(row) : 1)];
                double[] probabilities = [.. lineage.Select(row => Number(row, "probability")!.Value)];

                // Where the weights of copies do not hold the budget, they are raised together until they do.
                return weights.Sum() > budget
                    ? InclusionOf(probabilities, weights, budget, probability, weight)
                    : InclusionOf(weights, [.. weights.Select(_ => 1.0)], budget, weight, 1);
            default:
                return budget * probability;
        }
    }

    /// <summary>What a row has of a draw as long as near-copies share one row's: 1/ρ.</summary>
    private static double WeightOf(JsonObject line) => Math.Min(1, 1 / (Number(line, "density") ?? 1));

    /// <summary>min(a, c·p) of a row, c such that all of them sum to the budget.</summary>
    private static double InclusionOf(double[] shares, double[] most, double budget, double share, double own)
    {
        int[] order = [.. Enumerable.Range(0, shares.Length).OrderByDescending(row => shares[row] / most[row])];
        double rest = shares.Sum();
        double left = budget;
        foreach (int row in order)
        {
            if (left * shares[row] < rest * most[row] || left <= 0)
            {
                break;
            }

            left -= most[row];
            rest -= shares[row];
        }

        return rest > 0 && left > 0 ? Math.Min(own, left / rest * share) : own;
    }

    private static string Repetition(JsonObject excluded)
    {
        JsonNode match = excluded["match"]!;
        string row = Text(match, "file") is { } file
            ? $"{file}, line {Number(match, "line")}"
            : $"vector {Number(match, "row")}";
        string distance = Number(excluded, "distance") is { } number
            ? string.Create(CultureInfo.InvariantCulture, $" at distance {number:G4}")
            : "";
        string how = Text(excluded, "reason") == "text" ? "the same text as" : "near";
        return $"--{Text(excluded, "option")}: {how} {row}{distance}";
    }

    private static RowExplanation Locate(
        RowExplanation explanation,
        JsonObject? line,
        RowReader? rows,
        CancellationToken cancellationToken
    )
    {
        if (line is not null)
        {
            return explanation with
            {
                File = Text(line, "file"),
                Line = (long?)Number(line, "line"),
                Id = Text(line, "id"),
            };
        }

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

    private static long RowOf(JsonObject line) => (long)Number(line, "row")!.Value;

    private static long CountOf(JsonObject line) => (long)Number(line, "count")!.Value;

    private static IEnumerable<(int Target, double Mass, double Distance)> Pulls(JsonObject line) =>
        line["targets"]!
            .AsArray()
            .Select(pull =>
                ((int)Number(pull, "target")!.Value, Number(pull, "mass")!.Value, Number(pull, "distance")!.Value)
            );

    private static double? Number(JsonNode? node, string name) =>
        node?[name] is JsonValue value
        && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : null;

    private static string? Text(JsonNode? node, string name) =>
        node?[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
