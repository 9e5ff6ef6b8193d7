namespace Tsds.Numerics;

/// <summary>The arithmetic of the filter. The answer does not depend on it.</summary>
internal enum ScanPrecision
{
    /// <summary>
    /// Pairs of int16 with one scale per row: twice the rate where the processor has the instruction.
    /// </summary>
    Int16,

    /// <summary>float32.</summary>
    Float32,
}
