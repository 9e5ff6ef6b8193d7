namespace Tsds.Numerics;

/// <summary>The arithmetic of the filter. Results do not depend on it.</summary>
internal enum ScanPrecision
{
    /// <summary>
    /// Pairs of int16 with one scale per row, at twice the rate if the processor has the instruction.
    /// </summary>
    Int16,

    /// <summary>float32.</summary>
    Float32,

    /// <summary>Four int8, for the stage before pairs of int16.</summary>
    Int8,
}
