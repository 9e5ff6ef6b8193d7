namespace Tsds.Numerics;

/// <summary>The rows of a block as one level sees them.</summary>
internal sealed class LevelRows(int unitCount, int capacity)
{
    private const int StridePadding = 16;

    /// <summary>Gets the units of a row that count.</summary>
    public int UnitCount => unitCount;

    /// <summary>Gets the units from one row to the next.</summary>
    public int Stride { get; } = unitCount + StridePadding;

    /// <summary>Gets x̂, shape [capacity, stride].</summary>
    public int[] Units { get; } = new int[capacity * (unitCount + StridePadding)];

    /// <summary>Gets s(x)s(q): what a product of units is worth.</summary>
    public float[] Scales { get; } = new float[capacity];

    /// <summary>Gets the right side of the test of <see cref="CandidateScan"/>.</summary>
    public float[] Thresholds { get; } = new float[capacity];

    /// <summary>Gets whether a row has been written since the block was loaded.</summary>
    public bool[] IsReady { get; } = new bool[capacity];

    /// <summary>Gets or sets how many have.</summary>
    public int ReadyCount { get; set; }
}
