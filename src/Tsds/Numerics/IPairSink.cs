namespace Tsds.Numerics;

/// <summary>Receives the pairs of candidate and query that a scan could not rule out.</summary>
internal interface IPairSink
{
    /// <summary>Gets a value indicating whether limits stay what they are while the scan runs.</summary>
    bool HasFixedLimits { get; }

    /// <summary>
    /// Gets the squared distance above which a pair is not needed. It may shrink while the scan runs; NaN is not
    /// allowed.
    /// </summary>
    double Limit(int query);

    /// <summary>
    /// Receives a candidate and the queries whose squared distance from it, raised by its cost, may be at most their
    /// limits. Called from several threads.
    /// </summary>
    /// <param name="candidate">The candidate.</param>
    /// <param name="queries">The queries, at least one.</param>
    void Accept(in ScannedRow candidate, ReadOnlySpan<int> queries);

    /// <summary>
    /// Determines whether a candidate of a norm may be reported with its products, instead of pair by pair.
    /// </summary>
    /// <param name="normSquared"><see cref="DistanceKernels.NormSquared"/> of the embedding.</param>
    bool TakesProducts(double normSquared) => false;

    /// <summary>
    /// Receives candidates with all queries of a panel, including those that were ruled out. Called from several
    /// threads.
    /// </summary>
    /// <param name="normsSquared">‖x‖² of the candidates.</param>
    /// <param name="products"><see cref="DistanceKernels.Dot"/> of each with each query, shape [candidates,
    /// any].</param>
    /// <param name="queries">The queries of the panel: the first columns of the products.</param>
    void AcceptProducts(ReadOnlySpan<double> normsSquared, ReadOnlySpan<double> products, ReadOnlySpan<int> queries) =>
        throw new NotSupportedException();
}
