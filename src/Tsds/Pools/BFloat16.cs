using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Tsds.Pools;

/// <summary>Converts bfloat16, the upper half of a float32, to float32, several values at a time.</summary>
internal static class BFloat16
{
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
                Vector128<ushort> upper = Vector128.LoadUnsafe(ref first, (nuint)i);
                Vector256<uint> bits = Vector256.Create(Vector128.WidenLower(upper), Vector128.WidenUpper(upper)) << 16;
                bits.AsSingle().StoreUnsafe(ref to, (nuint)i);
            }
        }

        for (; i < source.Length; i++)
        {
            destination[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
        }
    }
}
