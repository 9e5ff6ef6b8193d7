using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Data.Vectors;
using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Inputs;

/// <summary>The targets of a job: their embeddings in the space of the pool, their rows, their tasks.</summary>
internal sealed class TargetInputs
{
    private readonly VectorFiles? _vectors;

    private TargetInputs(TargetInputs other, int[] left)
    {
        Embeddings = other.Embeddings.Gather(left);
        _vectors = other._vectors;
        Tasks = other.Tasks?.Only(left);
        Rows = other.Rows is { } rows ? [.. left.Select(target => rows[target])] : null;
        Reader = other.Reader;
    }

    private TargetInputs(EmbeddingMatrix embeddings, TargetRows? rows, VectorFiles? vectors, TargetTasks? tasks)
    {
        (Embeddings, _vectors, Tasks) = (embeddings, vectors, tasks);
        Rows = rows?.List;
        Reader = rows?.Reader;
    }

    /// <summary>Gets the embeddings, normalized as the pool's are; shape [targets, dimension].</summary>
    public EmbeddingMatrix Embeddings { get; }

    /// <summary>Gets the number of targets.</summary>
    public int Count => Embeddings.Count;

    /// <summary>Gets the rows, or null if only vectors were given.</summary>
    public IReadOnlyList<TargetRow>? Rows { get; }

    /// <summary>Gets the reader of the rows after a complete pass, or null if only vectors were given.</summary>
    public RowReader? Reader { get; }

    /// <summary>Gets the tasks of the targets, or null if there is only one without a name.</summary>
    public TargetTasks? Tasks { get; }

    /// <summary>Gets the files of the rows.</summary>
    public IReadOnlyList<InputFile> Files => Reader?.Files ?? [];

    /// <summary>Gets the files of ready-made embeddings; waits for their hashes.</summary>
    public IReadOnlyList<InputFile> VectorFiles => _vectors?.Files ?? [];

    /// <summary>Reads the ready-made embeddings of each source as they are given, before they are normalized.</summary>
    /// <returns>One matrix for each source; none where the targets were embedded here.</returns>
    public IEnumerable<EmbeddingMatrix> ReadVectors() =>
        (_vectors?.Sources ?? []).Select(source => VectorSource.ReadEmbeddings([source]));

    /// <summary>Adds the weights and tasks of the targets to the settings of a selection.</summary>
    /// <param name="selection">The other settings.</param>
    /// <returns>The settings with both.</returns>
    public SelectionOptions Guide(SelectionOptions selection) =>
        selection with
        {
            TargetWeights = Tasks?.Weights,
            TargetTasks = Tasks is null ? null : TaskNumbers.CloseUp(Tasks.NumberOfEach),
        };

    /// <summary>Returns these targets except for some.</summary>
    /// <param name="left">The numbers of the targets that stay, ascending.</param>
    public TargetInputs Only(int[] left) => new(this, left);

    /// <summary>Opens the targets of a job; embeds them by the pool's embedder where they have no embeddings.</summary>
    /// <param name="context">The job.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="rows">The targets' rows, which are read before the pool is embedded so that a row that cannot be
    /// used is found first; or null if only vectors were given.</param>
    /// <exception cref="ArgumentException">Rows and embeddings name different tasks, or weights or bounds of tasks do
    /// not fit together.</exception>
    /// <exception cref="InvalidDataException">An embedding is not usable, or there is not one for each row.</exception>
    /// <exception cref="OperationCanceledException">The job was stopped.</exception>
    public static async Task<TargetInputs> OpenAsync(JobContext context, PoolInputs pool, TargetRows? rows)
    {
        VectorFiles? vectors = null;
        EmbeddingMatrix embeddings;
        if (pool.Embedder is { } embedder)
        {
            embeddings = await embedder.EmbedTargetsAsync(rows!.Texts, context.Cancellation).ConfigureAwait(false);
        }
        else
        {
            vectors = Data.Vectors.VectorFiles.Open(
                context.Files.TargetVectors,
                context.Scratch,
                "targets",
                context.Progress,
                context.Cancellation
            );
            (rows, vectors) = TargetRows.Match(context, "target", context.Files.TargetFiles, rows, vectors);
            embeddings = VectorSource.ReadEmbeddings(vectors.Sources);
        }

        context.Timings.EndStage(vectors is null ? "embedding" : "reading");
        return new TargetInputs(
            embeddings.Normalize(pool.Pool.Normalization),
            rows,
            vectors,
            TargetTasks.Find(context.Files, rows?.Reader, vectors)
        );
    }
}
