using System.Globalization;
using Tsds.Data;
using Tsds.Data.Embedding;
using Tsds.Data.Embedding.Choice;
using Tsds.Data.Files;
using Tsds.Data.Store;
using Tsds.Data.Vectors;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Select;

/// <summary>Estimates the work and the memory of a selection.</summary>
internal static class SelectionEstimator
{
    /// <summary>The bytes per fetched neighbor in the solver, including its table while it grows.</summary>
    private const int BytesPerNeighbor = 100;

    /// <summary>
    /// The neighbors that a search for each target takes in addition where some candidates are hidden, to have enough
    /// left.
    /// </summary>
    private const int MoreWhereHidden = 2 * DataSelector.BandwidthNeighbors;

    /// <summary>The bytes of each selected row while its lineage and its near-duplicates are written.</summary>
    private const int BytesPerRow = 160;

    /// <summary>Estimates a job.</summary>
    /// <param name="options">The job.</param>
    /// <param name="inputs">Its files.</param>
    /// <returns>The estimate, with which the job can be run.</returns>
    /// <exception cref="InvalidDataException">The header of a file is not usable.</exception>
    public static SelectionEstimate Estimate(SelectionJobOptions options, JobFiles inputs) =>
        Measure(options, inputs) with
        {
            Job = new PreparedSelection(options, inputs),
        };

    private static SelectionEstimate Measure(SelectionJobOptions options, JobFiles inputs)
    {
        SelectionSpec spec = options.Spec;
        string[] poolVectors = [.. PathsOf(inputs.PoolVectors)];
        VectorStore? served = options.ServedPool is null ? null : inputs.PoolStore;
        long poolBytes =
            inputs
                .PoolFiles.Select(inputs.RowOptions(options).Locate)
                .Concat(served is null ? poolVectors : [])
                .Sum(FileSources.LengthOf) + (served?.Files.Sum(file => file.Bytes) ?? 0);
        if (inputs.EmbedsPool)
        {
            EmbedderOptions named = spec.Embedder ?? new EmbedderOptions();
            EmbedderOptions embedder = named.In(options.Root);
            return new SelectionEstimate(
                inputs.PoolFiles,
                inputs.TargetFiles,
                poolBytes,
                null,
                null,
                named.Name,
                Embedders.DimensionOf(embedder),
                Embedders.EstimateMemory(embedder, options.ThreadCount),
                [.. Embedders.Notes(embedder, poolBytes), .. Notes(options, null)]
            );
        }

        VectorShape[] pool = served is null
            ? [.. inputs.PoolVectors.Select(VectorFiles.ReadShape)]
            :
            [
                .. served.Manifest.Chunks.Select(shard => new VectorShape(
                    shard.Rows,
                    served.Manifest.Dimension,
                    PrecisionName.Of(served.Manifest.Precision)
                )),
            ];
        if (inputs.Store is { } store)
        {
            return new SelectionEstimate(
                [.. inputs.PoolFiles, store.Name],
                inputs.TargetFiles,
                poolBytes,
                pool.Sum(shape => shape.Count),
                null,
                store.Manifest.Embedder.Name,
                pool[0].Dimension,
                Embedders.EstimateMemory(store.Manifest.Embedder.In(options.Root), options.ThreadCount),
                [.. Notes(options, null)]
            );
        }

        VectorShape[] targets = [.. inputs.TargetVectors.Select(VectorFiles.ReadShape)];
        long poolRows = pool.Sum(shape => shape.Count);
        long targetRows = targets.Sum(shape => shape.Count);
        return new SelectionEstimate(
            [.. inputs.PoolFiles, .. poolVectors],
            [.. inputs.TargetFiles, .. PathsOf(inputs.TargetVectors)],
            poolBytes,
            poolRows,
            targetRows,
            "vectors",
            pool[0].Dimension,
            EstimateMemory(options, spec.Settings, poolRows, targetRows, pool[0].Dimension),
            [.. Notes(options, (poolRows, targetRows, pool[0].Dimension))]
        );
    }

    /// <summary>Estimates the memory of a selection once its rows are counted, in bytes.</summary>
    /// <param name="options">The job.</param>
    /// <param name="settings">What is selected; with the tasks of the targets where they are known.</param>
    /// <param name="poolRows">N.</param>
    /// <param name="targetRows">M.</param>
    /// <param name="dimension">d.</param>
    public static long EstimateMemory(
        SelectionJobOptions options,
        SelectionOptions settings,
        long poolRows,
        long targetRows,
        int dimension
    )
    {
        SelectionSpec spec = options.Spec;
        long budget = spec.Budget.ResolveRows(poolRows);
        if (spec.Baseline is { } method)
        {
            return MethodSelection.EstimateMemory(method, poolRows, targetRows, budget, dimension, options.ThreadCount);
        }

        SelectionOptions selection = settings with
        {
            Budget = budget,
            ThreadCount = options.ThreadCount,
            MemoryLimit = options.SelectionMemory,
        };
        long selecting = DataSelector.EstimateMemory(selection, poolRows, targetRows, dimension);
        long hiding = spec.Excludes
            ? CandidatePool.EstimateMemory(targetRows, MoreWhereHidden, dimension, options.ThreadCount)
            : 0;
        long copies = spec.MergesCopies ? poolRows * RowKeys.BytesPerRow : 0;
        return RuntimeMemory.Bytes + Math.Max(copies, selecting + hiding + (Math.Min(budget, poolRows) * BytesPerRow));
    }

    private static IEnumerable<string> PathsOf(IReadOnlyList<VectorSource> sources) =>
        sources.SelectMany(source => source.Files).Select(file => file.Path);

    /// <summary>Returns notes on what may cost more than the user expects.</summary>
    private static IEnumerable<string> Notes(
        SelectionJobOptions options,
        (long Rows, long Targets, int Dimension)? size
    )
    {
        if (options.Spec.Sieve is not null && options.Spec.Budget.Percent > 0)
        {
            yield return $"the budget of {options.Spec.Budget} is a share of the whole pool, copies included, not of "
                + $"the rows that the sieve leaves.";
        }

        SelectionOptions selection = options.Spec.Settings;
        bool reachesAll = selection is { Alpha: 0, EffectiveNeighbors: null };
        bool isVariation = selection is { Regularizer: Regularizer.TotalVariation, Scale: null };
        if (options.Spec.Baseline is not null || (!reachesAll && !isVariation))
        {
            yield break;
        }

        string why = reachesAll
            ? "alpha 0 spreads over the whole pool"
            : "total variation under the automatic scale spreads over most of the pool";
        bool needsDensities = reachesAll && selection.Regularizer == Regularizer.Density && selection.Bandwidth != 0;
        if (size is not { } known)
        {
            yield return $"{why}: every candidate becomes a neighbor of every target, about "
                + $"{BytesPerNeighbor} bytes for "
                + $"each such pair"
                + (
                    needsDensities
                        ? ", and the density of every candidate is evaluated, time that grows with the square "
                            + "of the pool."
                        : "."
                );
            yield break;
        }

        string cost = string.Create(
            CultureInfo.InvariantCulture,
            $"{why}: {known.Rows:N0} neighbors for each of {known.Targets:N0} targets, about "
                + $"{known.Rows * known.Targets * BytesPerNeighbor / 1e9:N1} GB"
        );
        yield return needsDensities
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{cost}, and the density of every candidate, "
                    + $"{2e-12 * known.Rows * known.Rows * known.Dimension:N1} · 10¹² operations."
            )
            : cost + ".";
    }
}
