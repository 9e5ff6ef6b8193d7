using System.Runtime.InteropServices;

namespace Tsds.Numerics;

/// <summary>The scale, norm and error bound of a quantized row.</summary>
/// <param name="NormSquared">‖x‖².</param>
/// <param name="RoundedNormSquared">‖s(x)·x̂‖².</param>
/// <param name="Scale">s(x).</param>
/// <param name="Error">At least ‖x − s(x)·x̂‖.</param>
/// <param name="Checksum">CRC-32C of the elements and of the four numbers.</param>
[StructLayout(LayoutKind.Sequential, Pack = 4)]
internal readonly record struct QuantizedRow(
    double NormSquared,
    double RoundedNormSquared,
    float Scale,
    float Error,
    uint Checksum
);
