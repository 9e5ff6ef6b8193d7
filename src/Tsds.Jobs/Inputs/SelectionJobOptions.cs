using Tsds.Data;
using Tsds.Data.Embedding.Choice;
using Tsds.Data.Files;
using Tsds.Data.Store;

namespace Tsds.Jobs.Inputs;

/// <summary>A selection and how it is run: what it depends on, where it goes, and what the machine may spend.</summary>
public sealed record SelectionJobOptions
{
    /// <summary>Gets the specification of the selection.</summary>
    public required SelectionSpec Spec { get; init; }

    /// <summary>Gets the output folder.</summary>
    public required string Output { get; init; }

    /// <summary>
    /// Gets the name of the output folder in files, where it goes elsewhere after the job; null for its path.
    /// </summary>
    public string? OutputName { get; init; }

    /// <summary>Gets a value indicating whether a non-empty output folder is replaced.</summary>
    public bool Force { get; init; }

    /// <summary>
    /// Gets a pool that others search in place of one that is opened here over <see cref="SelectionSpec.PoolVectors"/>,
    /// whose vectors it holds; or null. It stays the caller's.
    /// </summary>
    /// <remarks>
    /// Where the vectors are a vector store, nothing of it is read but its manifest and its embedder's fit; those who
    /// search check the vectors.
    /// </remarks>
    public ICandidatePool? ServedPool { get; init; }

    /// <summary>
    /// Gets a folder with a copy of the manifest and the embedder's fit of the vector store that
    /// <see cref="SelectionSpec.PoolVectors"/> names, where the store itself cannot be reached from here; or null.
    /// </summary>
    public string? ServedStore { get; init; }

    /// <summary>Gets the cache that keeps vectors of rows from run to run, or null for none.</summary>
    public VectorCache? Cache { get; init; } = new();

    /// <summary>
    /// Gets the file that holds what came from standard input, for the path <c>-</c>; or null if that path is not
    /// used.
    /// </summary>
    public string? StandardInput { get; init; }

    /// <summary>
    /// Gets the folder from which relative paths of the specification start, or null for the current one. Files are
    /// recorded as the specification names them.
    /// </summary>
    public string? Root { get; init; }

    /// <summary>Gets the number of threads. The selection does not depend on it.</summary>
    /// <value>At least 1. The default is the number of processors.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller than 1.</exception>
    public int ThreadCount
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(ThreadCount));
            field = value;
        }
    } = Environment.ProcessorCount;

    /// <summary>Gets the memory limit in bytes, in addition to mapped files, or null for no limit.</summary>
    /// <value>Positive, or null. A job whose estimate is above it does not start.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    public long? MemoryLimit
    {
        get;
        init
        {
            if (value is { } limit)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1, nameof(MemoryLimit));
            }

            field = value;
        }
    }

    /// <summary>
    /// Gets the measurement of the operations a second of one thread, from which the time of a better embedder is
    /// estimated.
    /// </summary>
    internal Func<double> MachineSpeed { get; init; } = ModelCost.MeasureSpeed;

    /// <summary>Gets the part of the limit that is left beside the program itself, or null for no limit.</summary>
    internal long? SelectionMemory => MemoryLimit is { } limit ? Math.Max(1, limit - RuntimeMemory.Bytes) : null;

    /// <summary>Returns the path of the file or folder that the specification names.</summary>
    internal string Locate(string path) => FileSources.Locate(Root, path);

    /// <summary>Gets the settings with which a pool is opened.</summary>
    internal CandidatePoolOptions PoolOptions =>
        new() { Normalization = Spec.Normalization, ThreadCount = ThreadCount };
}
