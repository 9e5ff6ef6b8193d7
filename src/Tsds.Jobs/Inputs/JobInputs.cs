using Tsds.Data.Rows;
using Tsds.Data.Store;
using Tsds.Data.Tokens;
using Tsds.Evaluation.Methods;
using Tsds.Jobs.Select;

namespace Tsds.Jobs.Inputs;

/// <summary>The files of a job, found and checked against one another before anything is read.</summary>
internal sealed record JobInputs(
    IReadOnlyList<string> Pool,
    IReadOnlyList<string> Targets,
    IReadOnlyList<VectorSource> PoolVectors,
    IReadOnlyList<VectorSource> TargetVectors
)
{
    /// <summary>Gets whether the pool's rows are embedded by Tsds itself.</summary>
    public bool EmbedsPool => PoolVectors.Count == 0;

    /// <summary>
    /// Gets the vector store that the pool's vectors are in; null where they are files, or embedded now.
    /// </summary>
    public VectorStore? PoolStore { get; private init; }

    /// <summary>
    /// Gets the vector store that the pool's vectors are in and whose embedder embeds the targets; null where vectors
    /// are files, or embedded now.
    /// </summary>
    public VectorStore? Store { get; private init; }

    /// <summary>Gets the task of each file of <see cref="Targets"/>.</summary>
    public IReadOnlyList<TaskSource> TargetTasks { get; private init; } = [];

    /// <summary>Gets the task of each source of <see cref="TargetVectors"/>.</summary>
    public IReadOnlyList<TaskSource> TargetVectorTasks { get; private init; } = [];

    /// <summary>Gets the largest shares of tasks.</summary>
    public IReadOnlyList<ShareLimit> TaskCaps { get; private init; } = [];

    /// <summary>Gets the least shares of tasks.</summary>
    public IReadOnlyList<ShareLimit> TaskFloors { get; private init; } = [];

    /// <summary>Gets the tokenizer that counts tokens, or null.</summary>
    public string? Tokenizer { get; private init; }

    /// <summary>Gets the files of the rows that must not be chosen.</summary>
    public IReadOnlyList<string> Exclude { get; private init; } = [];

    /// <summary>Gets the embeddings of the rows that must not be chosen.</summary>
    public IReadOnlyList<VectorSource> ExcludeVectors { get; private init; } = [];

    /// <summary>Gets the files of the rows that are chosen already.</summary>
    public IReadOnlyList<string> Keep { get; private init; } = [];

    /// <summary>Gets the embeddings of the rows that are chosen already.</summary>
    public IReadOnlyList<VectorSource> KeepVectors { get; private init; } = [];

    public static JobInputs Resolve(SelectionJobOptions options)
    {
        if (options.Pool.Count == 0 && options.PoolVectors.Count == 0)
        {
            throw new ArgumentException(
                "Expected a pool, found none; name its rows with --pool or its embeddings with --pool-vectors."
            );
        }

        if (options.Targets.Count == 0 && options.TargetVectors.Count == 0)
        {
            throw new ArgumentException(
                "Expected targets, found none; name their rows with --target or their embeddings with --target-vectors."
            );
        }

        VectorStore? store = options.PoolVectors is [{ } folder] ? VectorStore.TryOpen(folder) : null;
        if (store is null && (options.PoolVectors.Count == 0) != (options.TargetVectors.Count == 0))
        {
            string given = options.PoolVectors.Count > 0 ? "--pool-vectors" : "--target-vectors";
            string missing = options.PoolVectors.Count > 0 ? "--target-vectors" : "--pool-vectors";
            throw new ArgumentException(
                $"Expected embeddings of both pool and targets, found {given} alone; add {missing} from the "
                    + $"same model, or leave both out."
            );
        }

        CheckBounds(options);
        CheckMethod(options);
        if (options is { ServedPool: not null, Index: not null })
        {
            throw new ArgumentException(
                "--index is used where the pool is searched, and others search it here; leave it out."
            );
        }

        store = options.ServedFolder is { } name && store is not null ? store with { Name = name } : store;
        IReadOnlyList<VectorSource> poolVectors = store?.Sources ?? ParseVectors(options.PoolVectors);
        TaskSource[] vectorTasks = [.. options.TargetVectors.Select(TaskSource.Parse)];
        IReadOnlyList<VectorSource> targetVectors = ParseVectors([.. vectorTasks.Select(task => task.Source)]);
        IReadOnlyList<VectorSource> excludeVectors = ParseVectors(options.ExcludeVectors);
        IReadOnlyList<VectorSource> keepVectors = ParseVectors(options.KeepVectors);
        CheckWeights([.. poolVectors, .. targetVectors, .. excludeVectors, .. keepVectors]);
        CheckGiven(options, store, "--exclude", options.Exclude, options.ExcludeVectors);
        CheckGiven(options, store, "--keep", options.Keep, options.KeepVectors);
        (string[] targets, TaskSource[] tasks) = ResolveTargets(options.Targets);
        return new JobInputs(
            options.Pool.Count > 0 ? RowFiles.Resolve(options.Pool) : [],
            targets,
            poolVectors,
            targetVectors
        )
        {
            PoolStore = store,
            Store = targetVectors.Count == 0 ? store : null,
            TargetTasks = tasks,
            TargetVectorTasks = vectorTasks,
            TaskCaps = [.. options.Caps.Where(cap => cap.IsTask)],
            TaskFloors = [.. options.Floors.Where(floor => floor.IsTask)],
            Tokenizer = options.Tokenizer is { } tokenizer ? TokenizerFile.Find(tokenizer) : null,
            Exclude = options.Exclude.Count > 0 ? RowFiles.Resolve(options.Exclude) : [],
            ExcludeVectors = excludeVectors,
            Keep = options.Keep.Count > 0 ? RowFiles.Resolve(options.Keep) : [],
            KeepVectors = keepVectors,
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
                    $"Expected the files and weights of {sources[0]} in the same order everywhere, found "
                        + $"{source}; pool and targets must be combined alike."
                );
            }
        }
    }

    /// <summary>A method needs its inputs, and knows no more of a budget than its rows.</summary>
    private static void CheckMethod(SelectionJobOptions options)
    {
        if (options.Method is not { } method)
        {
            return;
        }

        if (options.IsBounded || options.Tuner is not null)
        {
            throw new ArgumentException(
                $"Expected a budget in rows or percent for {method.Name}, without caps, floors and tuning, "
                    + $"which only optimal transport knows; leave them out."
            );
        }

        MethodNeeds met =
            (options.Pool.Count > 0 && options.Targets.Count > 0 ? MethodNeeds.Texts : MethodNeeds.None)
            | (options.Pool.Count > 0 ? MethodNeeds.Sources : MethodNeeds.None)
            | (
                options.PoolVectors.Count > 0 && options.TargetVectors.Count > 0
                    ? MethodNeeds.GradientFeatures
                    : MethodNeeds.None
            )
            | (options.Normalization == Normalization.L2 ? MethodNeeds.UnitVectors : MethodNeeds.None);
        if (MissingNeeds.Describe(method, met) is { } sentence)
        {
            throw new ArgumentException(sentence);
        }
    }

    private static void CheckBounds(SelectionJobOptions options)
    {
        foreach (ShareLimit floor in options.Floors)
        {
            if (
                options.Caps.FirstOrDefault(cap =>
                    cap.Name == floor.Name && cap.IsTask == floor.IsTask && cap.Share < floor.Share
                ) is
                { } cap
            )
            {
                throw new ArgumentException(
                    $"Expected a floor of '{floor.Name}' that is not above its cap, found {floor.Share:P1} "
                        + $"above {cap.Share:P1}."
                );
            }
        }

        if (options.Tokenizer is not null && options.Budget.Tokens == 0)
        {
            throw new ArgumentException(
                "--tokenizer counts the tokens of a budget in tokens, but the budget is in rows; give "
                    + "--budget 20Mtok, or leave the tokenizer out."
            );
        }

        if (!options.IsBounded)
        {
            return;
        }

        if (options.Pool.Count == 0)
        {
            throw new ArgumentException(
                "A budget in tokens, caps and floors need the rows of the pool, which say their texts and "
                    + "sources: give them with --pool beside --pool-vectors."
            );
        }

        if (options.Selection.Sampling is not (SamplingMethod.Distinct or SamplingMethod.Top))
        {
            throw new ArgumentException(
                "A budget in tokens, caps and floors are kept by draws in which no row comes twice: use "
                    + "--sampling distinct or top."
            );
        }
    }

    /// <summary>Rows are compared with rows, and embeddings with embeddings.</summary>
    public static void CheckGiven(
        SelectionJobOptions options,
        VectorStore? store,
        string option,
        IReadOnlyList<string> rows,
        IReadOnlyList<string> vectors
    )
    {
        if (vectors.Count > 0 && options.PoolVectors.Count == 0)
        {
            throw new ArgumentException(
                $"{option}-vectors needs --pool-vectors: distances are taken between embeddings of the same "
                    + $"model; give rows with {option}."
            );
        }

        if (rows.Count > 0 && vectors.Count == 0 && options.Pool.Count == 0 && store is null)
        {
            throw new ArgumentException(
                $"{option} gives rows, but the pool has embeddings alone: give their embeddings with "
                    + $"{option}-vectors, or the pool's rows with --pool."
            );
        }
    }

    /// <summary>Finds the files of the targets, each once, and the task of each.</summary>
    private static (string[] Files, TaskSource[] Tasks) ResolveTargets(IReadOnlyList<string> texts)
    {
        Dictionary<string, TaskSource> known = new(StringComparer.Ordinal);
        List<string> files = [];
        foreach (TaskSource task in texts.Select(TaskSource.Parse))
        {
            if (task is { Name: not null, Source: RowFiles.StandardInput })
            {
                throw new ArgumentException(
                    $"Expected a file for the task '{task.Name}', found standard input; write its rows to a file."
                );
            }

            foreach (string file in RowFiles.Resolve([task.Source]))
            {
                if (known.TryAdd(Path.GetFullPath(file), task))
                {
                    files.Add(file);
                }
                else if (known[Path.GetFullPath(file)].Name != task.Name)
                {
                    throw new ArgumentException($"Expected {file} in one task, found it in two; name it once.");
                }
            }
        }

        return ([.. files], [.. files.Select(file => known[Path.GetFullPath(file)])]);
    }
}
