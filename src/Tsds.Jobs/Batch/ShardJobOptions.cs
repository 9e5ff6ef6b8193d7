namespace Tsds.Jobs.Batch;

/// <summary>The settings of one task of a round.</summary>
public sealed record ShardJobOptions
{
    /// <summary>Gets the folder of requests and parts.</summary>
    public required string Work { get; init; }

    /// <summary>
    /// Gets the kind of search of the round: <see cref="SelectionStage.Neighbors"/> or
    /// <see cref="SelectionStage.Densities"/>.
    /// </summary>
    public required SelectionStage Stage { get; init; }

    /// <summary>Gets the index of this task, from 0 to <see cref="Count"/> − 1.</summary>
    public required int Index { get; init; }

    /// <summary>Gets the number of shards. Each takes whole files of vectors, consecutive ones.</summary>
    public required int Count { get; init; }

    /// <summary>Gets the number of threads. The result does not depend on it.</summary>
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
}
