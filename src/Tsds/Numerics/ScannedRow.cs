namespace Tsds.Numerics;

/// <summary>A candidate that a scan hands on.</summary>
internal readonly ref struct ScannedRow
{
    /// <summary>Gets the candidate.</summary>
    public required long Id { get; init; }

    /// <summary>Gets its embedding.</summary>
    public required ReadOnlySpan<float> Embedding { get; init; }

    /// <summary>Gets <see cref="DistanceKernels.NormSquared"/> of the embedding.</summary>
    public required double NormSquared { get; init; }

    /// <summary>Gets the cost that its squared distances are raised by: <see cref="IRowSource.Costs"/>.</summary>
    public required double Cost { get; init; }
}
