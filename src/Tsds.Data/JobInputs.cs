using Tsds.Data.Rows;
using Tsds.Data.Store;

namespace Tsds.Data;

/// <summary>The files of a job, found and checked against one another before anything is read.</summary>
internal sealed record JobInputs(
    IReadOnlyList<string> Pool,
    IReadOnlyList<string> Targets,
    IReadOnlyList<VectorSource> PoolVectors,
    IReadOnlyList<VectorSource> TargetVectors)
{
    /// <summary>Gets whether the pool's rows are embedded by Tsds itself.</summary>
    public bool EmbedsPool => PoolVectors.Count == 0;

    /// <summary>Gets the vector store that the pool's vectors are in and whose embedder embeds the targets; null where vectors are files, or embedded now.</summary>
    public VectorStore? Store { get; private init; }

    public static JobInputs Resolve(SelectionJobOptions options)
    {
        if (options.Pool.Count == 0 && options.PoolVectors.Count == 0)
        {
            throw new ArgumentException("Expected a pool, found none; name its rows with --pool or its embeddings with --pool-vectors.");
        }

        if (options.Targets.Count == 0 && options.TargetVectors.Count == 0)
        {
            throw new ArgumentException("Expected targets, found none; name their rows with --target or their embeddings with --target-vectors.");
        }

        VectorStore? store = options.PoolVectors is [{ } folder] ? VectorStore.TryOpen(folder) : null;
        if (store is null && (options.PoolVectors.Count == 0) != (options.TargetVectors.Count == 0))
        {
            string given = options.PoolVectors.Count > 0 ? "--pool-vectors" : "--target-vectors";
            string missing = options.PoolVectors.Count > 0 ? "--target-vectors" : "--pool-vectors";
            throw new ArgumentException(
                $"Expected embeddings of both pool and targets, found {given} alone; add {missing} from the same model, or leave both out.");
        }

        IReadOnlyList<VectorSource> poolVectors = store?.Sources ?? ParseVectors(options.PoolVectors);
        IReadOnlyList<VectorSource> targetVectors = ParseVectors(options.TargetVectors);
        CheckWeights([.. poolVectors, .. targetVectors]);
        return new JobInputs(
            options.Pool.Count > 0 ? RowFiles.Resolve(options.Pool) : [],
            options.Targets.Count > 0 ? RowFiles.Resolve(options.Targets) : [],
            poolVectors,
            targetVectors)
        {
            Store = targetVectors.Count == 0 ? store : null,
        };
    }

    /// <summary>Reads sources of embeddings, and looks whether their files exist.</summary>
    public static IReadOnlyList<VectorSource> ParseVectors(IReadOnlyList<string> texts)
    {
        VectorSource[] sources = [.. texts.Select(VectorSource.Parse)];
        foreach (VectorFile file in sources.SelectMany(source => source.Files))
        {
            if (!File.Exists(file.Path))
            {
                throw new FileNotFoundException($"Expected a file of embeddings at {file.Path}, found none.");
            }
        }

        return sources;
    }

    /// <summary>Distances between combinations mean something only where their parts weigh the same.</summary>
    public static void CheckWeights(IReadOnlyList<VectorSource> sources)
    {
        foreach (VectorSource source in sources)
        {
            if (!source.Files.Select(file => file.Weight).SequenceEqual(sources[0].Files.Select(file => file.Weight)))
            {
                throw new ArgumentException(
                    $"Expected the files and weights of {sources[0]} in the same order everywhere, found {source}; pool and targets must be combined alike.");
            }
        }
    }
}
