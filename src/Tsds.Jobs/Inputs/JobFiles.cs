using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Data.Store;
using Tsds.Data.Tokens;
using Tsds.Data.Vectors;
using Tsds.Evaluation.Methods;

namespace Tsds.Jobs.Inputs;

/// <summary>The files of a job, resolved and checked against one another before anything is read.</summary>
internal sealed record JobFiles
{
    /// <summary>The name that stands for standard input in the place of a file.</summary>
    public const string StandardInput = RowFiles.StandardInput;

    /// <summary>Gets the files of the pool's rows; empty if only embeddings are given.</summary>
    public required IReadOnlyList<string> PoolFiles { get; init; }

    /// <summary>Gets the files of the targets' rows; empty if only embeddings are given.</summary>
    public required IReadOnlyList<string> TargetFiles { get; init; }

    /// <summary>Gets the pool's ready-made embeddings.</summary>
    public required IReadOnlyList<VectorSource> PoolVectors { get; init; }

    /// <summary>Gets the targets' ready-made embeddings.</summary>
    public required IReadOnlyList<VectorSource> TargetVectors { get; init; }

    /// <summary>Gets a value indicating whether the pool's rows are embedded by Tsds itself.</summary>
    public bool EmbedsPool => PoolVectors.Count == 0;

    /// <summary>
    /// Gets the vector store that the pool's vectors are in; null if they are files, or embedded now.
    /// </summary>
    public VectorStore? PoolStore { get; private init; }

    /// <summary>
    /// Gets the vector store that the pool's vectors are in and whose embedder embeds the targets; null if vectors
    /// are files, or embedded now.
    /// </summary>
    public VectorStore? Store => TargetVectors.Count == 0 ? PoolStore : null;

    /// <summary>Gets the task of each file of <see cref="TargetFiles"/>.</summary>
    public IReadOnlyList<TaskSource> TargetTasks { get; private init; } = [];

    /// <summary>Gets the task of each source of <see cref="TargetVectors"/>.</summary>
    public IReadOnlyList<TaskSource> TargetVectorTasks { get; private init; } = [];

    /// <summary>Gets the largest shares of tasks.</summary>
    public IReadOnlyList<ShareLimit> TaskCaps { get; private init; } = [];

    /// <summary>Gets the least shares of tasks.</summary>
    public IReadOnlyList<ShareLimit> TaskFloors { get; private init; } = [];

    /// <summary>Gets the file of the tokenizer that counts tokens, or null.</summary>
    public string? Tokenizer { get; private init; }

    /// <summary>Gets the name of <see cref="Tokenizer"/> in files.</summary>
    public string? TokenizerName { get; private init; }

    /// <summary>Gets the folder from which relative paths start, or null for the current one.</summary>
    public string? Root { get; private init; }

    /// <summary>Gets the rows that must not be chosen.</summary>
    public GivenFiles Exclude { get; private init; } = new(GivenRows.Exclude, [], []);

    /// <summary>Gets the rows that are chosen already.</summary>
    public GivenFiles Keep { get; private init; } = new(GivenRows.Keep, [], []);

    /// <summary>Finds the files of a job.</summary>
    /// <param name="options">The job.</param>
    /// <returns>The files, all of which exist.</returns>
    /// <exception cref="ArgumentException">The options contradict one another.</exception>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is not usable.</exception>
    public static JobFiles Resolve(SelectionJobOptions options)
    {
        SelectionSpec spec = options.Spec;
        VectorStore? store = OpenStore(options);
        SpecChecks.Run(spec, isStore: store is not null);
        CheckServed(options);
        CheckRowNumbers(options);
        IReadOnlyList<VectorSource> poolVectors = store is null
            ? ParseVectors(spec.PoolVectors, options.Root)
            : SourcesOf(store);
        TaskSource[] vectorTasks =
        [
            .. spec
                .TargetVectors.Select(text => TaskSource.Parse(text, options.Root))
                .SelectMany(task => VectorAddresses.Split(task.Source).Select(source => task with { Source = source })),
        ];
        IReadOnlyList<VectorSource> targetVectors = ParseVectors(
            [.. vectorTasks.Select(task => task.Source)],
            options.Root
        );
        (string[] targets, TaskSource[] tasks) = ResolveTargets(spec.Targets, options.Root);
        string? tokenizer = spec.Tokenizer is { } given ? TokenizerFile.Find(options.Locate(given)) : null;
        JobFiles files = new()
        {
            PoolFiles = spec.Pool.Count > 0 ? RowFiles.Resolve(spec.Pool, options.Root) : [],
            TargetFiles = targets,
            PoolVectors = poolVectors,
            TargetVectors = targetVectors,
            PoolStore = store,
            Root = options.Root,
            TargetTasks = tasks,
            TargetVectorTasks = vectorTasks,
            TaskCaps = [.. spec.Caps.Where(cap => cap.IsTask)],
            TaskFloors = [.. spec.Floors.Where(floor => floor.IsTask)],
            Tokenizer = tokenizer,
            TokenizerName = tokenizer?[(options.Locate(spec.Tokenizer!).Length - spec.Tokenizer!.Length)..],
        };
        files = files with
        {
            Exclude = files.ResolveGiven(GivenRows.Exclude, spec.Exclude, spec.ExcludeVectors),
            Keep = files.ResolveGiven(GivenRows.Keep, spec.Keep, spec.KeepVectors),
        };
        CheckWeights([.. poolVectors, .. targetVectors, .. files.Exclude.Vectors, .. files.Keep.Vectors]);
        return files;
    }

    /// <summary>Finds the files of rows that are given beside pool and targets.</summary>
    /// <param name="option">What they are given as.</param>
    /// <param name="rows">Files, folders or globs of rows; may be empty.</param>
    /// <param name="vectors">Their ready-made embeddings; may be empty.</param>
    /// <exception cref="ArgumentException">There is nothing in the pool to compare them with.</exception>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    public GivenFiles ResolveGiven(string option, IReadOnlyList<string> rows, IReadOnlyList<string> vectors)
    {
        if (vectors.Count > 0 && EmbedsPool)
        {
            throw new ArgumentException(
                $"--{option}-vectors needs --pool-vectors: distances are taken between embeddings of the same "
                    + $"model; give rows with --{option}."
            );
        }

        if (rows.Count > 0 && vectors.Count == 0 && PoolFiles.Count == 0 && PoolStore is null)
        {
            throw new ArgumentException(
                $"--{option} gives rows, but the pool has embeddings alone: give their embeddings with "
                    + $"--{option}-vectors, or the pool's rows with --pool."
            );
        }

        return new GivenFiles(option, rows.Count > 0 ? RowFiles.Resolve(rows, Root) : [], ParseVectors(vectors, Root));
    }

    /// <summary>Gets the settings with which the rows of a job are read.</summary>
    /// <param name="options">The job.</param>
    public RowReaderOptions RowOptions(SelectionJobOptions options) =>
        new()
        {
            Template = Store?.Manifest.Template ?? options.Spec.Template,
            TextField = options.Spec.TextField,
            Schema = options.Spec.Schema,
            OnBadRow = options.Spec.OnBadRow,
            CellQuotes = options.Spec.CsvQuote,
            NeedsText =
                EmbedsPool || Store is not null || options.Spec.Baseline?.Needs.HasFlag(MethodNeeds.Texts) == true,
            StandardInput = options.StandardInput,
            Root = Root,
        };

    /// <summary>Parses sources of embeddings, and throws if a file does not exist.</summary>
    /// <param name="texts">The sources.</param>
    /// <param name="root">The folder from which relative paths start, or null for the current one.</param>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    public static IReadOnlyList<VectorSource> ParseVectors(IReadOnlyList<string> texts, string? root)
    {
        VectorSource[] sources =
        [
            .. texts.SelectMany(VectorAddresses.Split).Select(text => VectorSourceSyntax.Parse(text, root)),
        ];
        foreach (VectorFile file in sources.SelectMany(source => source.Files))
        {
            if (!FileSources.Exists(file.Path))
            {
                throw new FileNotFoundException($"Expected a file of embeddings at {file.Path}, found none.");
            }
        }

        return sources;
    }

    /// <summary>
    /// Throws if combinations weigh their parts differently, because distances between them would mean nothing.
    /// </summary>
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

    /// <summary>Throws if an index is given and others search the pool.</summary>
    public static void CheckServed(SelectionJobOptions options)
    {
        if (options is { ServedPool: not null, Spec.Index: not null })
        {
            throw new ArgumentException(
                "--index is used where the pool is searched, and others search it here; leave it out."
            );
        }
    }

    /// <summary>Throws if a file of row numbers is not there.</summary>
    private static void CheckRowNumbers(SelectionJobOptions options)
    {
        foreach (string path in new[] { options.Spec.ExcludeRows, options.Spec.KeepRows }.OfType<string>())
        {
            RowNumbers.Find(path, options.Root);
        }
    }

    /// <summary>Determines whether vectors may be a vector store: a folder, or anything at an address.</summary>
    public static bool MayBeStore(string path) => Directory.Exists(path) || FileSources.IsAddress(path);

    /// <summary>Opens the store of the pool's vectors, or the copy of its manifest that stands in for it.</summary>
    private static VectorStore? OpenStore(SelectionJobOptions options)
    {
        if (options.Spec.PoolVectors is not [{ } folder])
        {
            return null;
        }

        return options.ServedStore is { } copy && VectorStore.TryOpen(copy) is { } served
                ? served with
                {
                    Name = folder,
                }
            : VectorStore.TryOpen(options.Locate(folder)) is { } store ? store with { Name = folder }
            : null;
    }

    /// <summary>Returns the vectors of a store, each file called as the store's folder is named.</summary>
    private static IReadOnlyList<VectorSource> SourcesOf(VectorStore store) =>
        store.Name == store.Folder && !FileSources.IsAddress(store.Name)
            ? store.Sources
            :
            [
                .. store.Sources.Zip(
                    store.Files,
                    (source, file) => new VectorSource([source.Files[0] with { Label = file.Path }])
                ),
            ];

    /// <summary>Returns the files of the targets, each once, and the task of each.</summary>
    private static (string[] Files, TaskSource[] Tasks) ResolveTargets(IReadOnlyList<string> texts, string? root)
    {
        Dictionary<string, TaskSource> known = new(StringComparer.Ordinal);
        List<string> files = [];
        foreach (TaskSource task in texts.Select(text => TaskSource.Parse(text, root)))
        {
            if (task is { Name: not null, Source: RowFiles.StandardInput })
            {
                throw new ArgumentException(
                    $"Expected a file for the task '{task.Name}', found standard input; write its rows to a file."
                );
            }

            foreach (string file in RowFiles.Resolve([task.Source], root))
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
