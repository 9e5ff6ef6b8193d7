namespace Tsds.Numerics;

/// <summary>The embeddings of a block in units of the kernel, ready to be multiplied by axes.</summary>
internal readonly ref struct BlockRows
{
    /// <summary>Gets the units, shape [rows, stride].</summary>
    public required ReadOnlySpan<int> Units { get; init; }

    /// <summary>Gets the units from one row to the next.</summary>
    public required int Stride { get; init; }

    /// <summary>Gets the units of a row that count.</summary>
    public required int UnitCount { get; init; }

    /// <summary>Gets ‖s(x)x̂‖².</summary>
    public required ReadOnlySpan<double> NormsSquared { get; init; }

    /// <summary>Gets s(x), 1 if units are float32.</summary>
    public required ReadOnlySpan<float> Scales { get; init; }

    /// <summary>Gets e(x).</summary>
    public required ReadOnlySpan<double> Errors { get; init; }
}
