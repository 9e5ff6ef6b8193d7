namespace Tsds.Numerics;

/// <summary>Receives the pairs of candidate and query that a scan could not rule out.</summary>
internal interface IPairSink
{
    /// <summary>Gets a value indicating whether limits stay what they are while the scan runs.</summary>
    bool HasFixedLimits { get; }

    /// <summary>Gets the squared distance above which a pair is of no use; may shrink while the scan runs. NaN is not allowed.</summary>
    double Limit(int query);

    /// <summary>Takes a pair whose squared distance may be at most the limit. Called from several threads.</summary>
    void Accept(int query, long candidateId, ReadOnlySpan<float> candidate);
}
