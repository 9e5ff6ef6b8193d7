namespace Tsds.Numerics;

/// <summary>The rows of a block at one stage.</summary>
/// <param name="unitCount">The units of a row that count.</param>
/// <param name="stride">The units from one row to the next.</param>
/// <param name="capacity">Rows at most.</param>
internal sealed class StageRows(int unitCount, int stride, int capacity)
{
    /// <summary>Gets the units of a row that count.</summary>
    public int UnitCount => unitCount;

    /// <summary>Gets the units from one row to the next.</summary>
    public int Stride => stride;

    /// <summary>Gets s(x)s(q): what a product of units is worth.</summary>
    public float[] Scales { get; } = new float[capacity];

    /// <summary>Gets the right side of the test of <see cref="CandidateScan"/>.</summary>
    public float[] Thresholds { get; } = new float[capacity];

    /// <summary>Gets a value indicating whether a row has been made since the block was loaded.</summary>
    public bool[] IsReady { get; } = new bool[capacity];

    /// <summary>Gets or sets how many have.</summary>
    public int ReadyCount { get; set; }
}
