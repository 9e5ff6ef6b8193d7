using Tsds.Data.Store;

namespace Tsds.Jobs.Bundle;

/// <summary>The settings of making a recorded selection again, or measuring it; none changes the result.</summary>
internal sealed record RepeatOptions
{
    /// <summary>
    /// Gets the folder from which the relative paths in the manifest start: the one that the selection ran in.
    /// </summary>
    /// <value>A folder, or null for the current one. The default is null.</value>
    public string? Root { get; init; }

    /// <summary>Gets the cache of vectors from run to run, or null to keep none.</summary>
    public VectorCache? Cache { get; init; } = new();

    /// <summary>Gets the number of threads.</summary>
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

    /// <summary>Gets the most memory to use, in bytes, beyond mapped files; or null for no limit.</summary>
    public long? MemoryLimit { get; init; }
}
