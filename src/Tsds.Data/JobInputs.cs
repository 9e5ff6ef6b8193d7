using Tsds.Data.Rows;

namespace Tsds.Data;

/// <summary>The files of a job, found and checked against one another before anything is read.</summary>
internal sealed record JobInputs(
    IReadOnlyList<string> Pool,
    IReadOnlyList<string> Targets,
    IReadOnlyList<string> PoolVectors,
    IReadOnlyList<string> TargetVectors)
{
    /// <summary>Gets whether rows are embedded by Tsds itself.</summary>
    public bool IsLexical => PoolVectors.Count == 0;

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

        if ((options.PoolVectors.Count == 0) != (options.TargetVectors.Count == 0))
        {
            string given = options.PoolVectors.Count > 0 ? "--pool-vectors" : "--target-vectors";
            string missing = options.PoolVectors.Count > 0 ? "--target-vectors" : "--pool-vectors";
            throw new ArgumentException(
                $"Expected embeddings of both pool and targets, found {given} alone; add {missing} from the same model, or leave both out.");
        }

        return new JobInputs(
            options.Pool.Count > 0 ? RowFiles.Resolve(options.Pool) : [],
            options.Targets.Count > 0 ? RowFiles.Resolve(options.Targets) : [],
            Existing(options.PoolVectors),
            Existing(options.TargetVectors));
    }

    private static IReadOnlyList<string> Existing(IReadOnlyList<string> paths)
    {
        foreach (string path in paths)
        {
            if (!File.Exists(path))
            {
                throw new FileNotFoundException($"Expected a .npy file at {path}, found none.");
            }
        }

        return paths;
    }
}
