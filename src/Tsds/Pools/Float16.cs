using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tsds.Pools;

/// <summary>Converts float16 to float32, several values at a time.</summary>
internal static class Float16
{
    private const uint Exponent = 0x7C00;
    private const uint Magnitude = 0x7FFF;
    private const uint SingleExponent = 0x7F80_0000;

    /// <summary>
    /// The factor 2¹¹² by which a float16 read as the upper bits of a float32 is too small. The product is exact,
    /// denormals included.
    /// </summary>
    private const float Rebias = 5.192296858534828e33f;

    /// <summary>Converts values exactly; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Convert(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        int i = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            ref ushort first = ref MemoryMarshal.GetReference(source);
            ref float to = ref MemoryMarshal.GetReference(destination);
            for (; i <= source.Length - Vector128<ushort>.Count; i += Vector128<ushort>.Count)
            {
                Vector128<ushort> halves = Vector128.LoadUnsafe(ref first, (nuint)i);
                Vector256<uint> bits = Vector256.Create(Vector128.WidenLower(halves), Vector128.WidenUpper(halves));
                Vector256<uint> magnitude = bits & Vector256.Create(Magnitude);
                Vector256<uint> value = ((magnitude << 13).AsSingle() * Rebias).AsUInt32();
                Vector256<uint> special = Vector256.GreaterThanOrEqual(magnitude, Vector256.Create(Exponent));
                value |= special & Vector256.Create(SingleExponent);
                value |= (bits & Vector256.Create(0x8000u)) << 16;
                value.AsSingle().StoreUnsafe(ref to, (nuint)i);
            }
        }

        for (; i < source.Length; i++)
        {
            destination[i] = (float)BitConverter.UInt16BitsToHalf(source[i]);
        }
    }
}
