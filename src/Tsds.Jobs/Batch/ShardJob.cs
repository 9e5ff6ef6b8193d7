using System.Globalization;
using Tsds.Data.Files;
using Tsds.Data.Vectors;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Batch;

/// <summary>
/// Runs one task of a request of <see cref="MergeJob"/>: searches a shard of the pool and writes one part, atomically.
/// </summary>
internal static class ShardJob
{
    /// <summary>Searches a shard's files and writes the part, unless it exists.</summary>
    /// <param name="options">The share.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops; nothing half-written counts.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="ArgumentException">The shard does not exist, or the round asks for something else.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">A file is not usable, or not the one that the vector store
    /// lists.</exception>
    public static async Task<ShardSummary> RunAsync(
        ShardJobOptions options,
        IProgress<SelectionProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Index < 0 || options.Index >= options.Count)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Expected --index from 0 to {options.Count - 1}, as --of {options.Count} says, found "
                        + $"{options.Index}."
                )
            );
        }

        RunRecord run = new();
        WorkFolder work = new(options.Work);
        string path =
            work.Latest()
            ?? throw new InvalidDataException(
                $"Expected a request in {options.Work}, found none; 'tsds merge --work {options.Work}' writes it."
            );
        int round = WorkFolder.RoundOf(path);
        PoolRequest request = PoolRequest.Read(path);
        if (request.Stage != options.Stage)
        {
            throw new ArgumentException(
                $"Expected 'tsds shard {WorkFolder.WordFor(request.Stage)}', which round {round} in "
                    + $"{options.Work} asks for, found {WorkFolder.WordFor(options.Stage)}."
            );
        }

        int known = work.CountParts(round, request.Stage);
        if (known > 0 && known != options.Count)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Expected --of {known}, as the parts of round {round} in {options.Work} say, found "
                        + $"{options.Count}."
                )
            );
        }

        string seal = SealedFile.ReadSeal(path)!;
        string file = work.PartOf(round, request.Stage, options.Index, options.Count);
        if (File.Exists(file) && PartFile.TryRead(file, seal) is { } finished)
        {
            return new ShardSummary(file, round, finished.Rows, WasFinished: true, run.Elapsed);
        }

        PartFile part = await SearchAsync(request, seal, options, progress, cancellationToken).ConfigureAwait(false);
        part.Write(file);
        return new ShardSummary(file, round, part.Rows, WasFinished: false, run.Elapsed);
    }

    private static async Task<PartFile> SearchAsync(
        PoolRequest request,
        string seal,
        ShardJobOptions options,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        int first = (int)((long)options.Index * request.Files.Count / options.Count);
        int end = (int)(((long)options.Index + 1) * request.Files.Count / options.Count);
        PoolFile[] files = [.. request.Files.Skip(first).Take(end - first)];
        long rows = files.Sum(known => known.Rows);
        if (rows == 0)
        {
            return new PartFile(seal, 0, 0, [], []);
        }

        VectorSource[] sources = [.. files.Select(known => VectorSourceSyntax.Parse(known.Source))];
        await CheckAsync(files, sources, options.ThreadCount, cancellationToken).ConfigureAwait(false);
        using CandidatePool opened = CandidatePool.OpenVectors(
            sources,
            new CandidatePoolOptions { Normalization = request.Normalization, ThreadCount = options.ThreadCount }
        );
        CandidatePool pool = request.View is { } view ? opened.WithView(view) : opened;
        if (pool.Count != rows)
        {
            throw new InvalidDataException(
                $"Expected {rows:N0} vectors from {files[0].Source} on, as 'tsds merge' found, found "
                    + $"{pool.Count:N0}; the files changed, begin again with another --work."
            );
        }

        IProgress<long>? scanned = SelectionProgress.OfStage(progress, request.Stage, rows);
        if (request.Stage == SelectionStage.Neighbors)
        {
            NeighborTable table = await pool.FindNearestAsync(
                    request.Points,
                    (int)Math.Min(request.K, rows),
                    scanned,
                    cancellationToken
                )
                .ConfigureAwait(false);
            return ToPart(seal, rows, table);
        }

        double[] sums = await pool.EstimateDensitiesAsync(
                request.Points,
                request.Bandwidth,
                CandidatePool.PopulationWithin(
                    request.Population,
                    request.Files.Take(first).Sum(known => known.Rows),
                    rows
                ),
                scanned,
                cancellationToken
            )
            .ConfigureAwait(false);
        return new PartFile(seal, rows, 0, [], sums);
    }

    /// <summary>Throws if a file of a vector store is not the one that the store's manifest lists.</summary>
    private static Task CheckAsync(
        PoolFile[] files,
        VectorSource[] sources,
        int threadCount,
        CancellationToken cancellationToken
    ) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, files.Length),
            new ParallelOptions { MaxDegreeOfParallelism = threadCount, CancellationToken = cancellationToken },
            (i, _) =>
                files[i].Sha256.Length == 0 || FileHash.Of(sources[i].Files[0].Path) == files[i].Sha256
                    ? ValueTask.CompletedTask
                    : throw new InvalidDataException(
                        $"Expected the vectors in {sources[i].Files[0].Path} as they were written, found "
                            + $"others; run the same 'tsds embed' again, it repairs the file."
                    )
        );

    private static PartFile ToPart(string seal, long rows, NeighborTable table)
    {
        long[] candidateIds = new long[checked(table.QueryCount * table.K)];
        double[] distancesSquared = new double[candidateIds.Length];
        for (int query = 0; query < table.QueryCount; query++)
        {
            table.CandidateIds(query).CopyTo(candidateIds.AsSpan(query * table.K));
            table.DistancesSquared(query).CopyTo(distancesSquared.AsSpan(query * table.K));
        }

        return new PartFile(seal, rows, table.K, candidateIds, distancesSquared);
    }
}
