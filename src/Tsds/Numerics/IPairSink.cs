namespace Tsds.Numerics;

/// <summary>Receives the pairs of candidate and query that a scan could not rule out.</summary>
internal interface IPairSink
{
    /// <summary>Gets a value indicating whether limits stay what they are while the scan runs.</summary>
    bool HasFixedLimits { get; }

    /// <summary>Gets the squared distance above which a pair is of no use; may shrink while the scan runs. NaN is not allowed.</summary>
    double Limit(int query);

    /// <summary>Takes a candidate and the queries whose squared distance from it may be at most their limits. Called from several threads.</summary>
    /// <param name="candidateId">The candidate.</param>
    /// <param name="candidate">Its embedding.</param>
    /// <param name="normSquared"><see cref="DistanceKernels.NormSquared"/> of the embedding.</param>
    /// <param name="queries">The queries, at least one.</param>
    void Accept(long candidateId, ReadOnlySpan<float> candidate, double normSquared, ReadOnlySpan<int> queries);
}
