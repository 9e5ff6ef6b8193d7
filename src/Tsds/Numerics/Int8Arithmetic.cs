using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tsds.Numerics;

/// <summary>
/// Arithmetic on four int8: a step adds four products in two int16, at twice the rate of pairs of int16. The result is
/// exact, on every processor the same.
/// </summary>
/// <remarks>
/// <para>
/// The instruction wants rows without a sign, so a row is stored as x̂ + 63 (<see cref="RowZero"/>). What that adds to a
/// sum depends on the query alone: each chunk of a query begins with a unit that takes it away again.
/// </para>
/// <para>
/// Sums of int16 wrap around, and what wrapped around on the way does not matter if the end is in range. It is, by
/// Cauchy-Schwarz: <see cref="StageEncoding"/> keeps the norm of what a chunk adds to one int16 at most 181 on both
/// sides. No pair of products leaves the range either: 2·126·63 &lt; 2¹⁵.
/// </para>
/// </remarks>
internal readonly struct Int8Arithmetic : IArithmetic
{
    /// <summary>The byte that a row holds for 0, and the largest element of a row or query.</summary>
    public const int RowZero = 63;

    /// <summary>The number of steps of a chunk, 128 elements.</summary>
    public const int StepsOfChunk = 32;

    /// <summary>Two int16 of 1.</summary>
    private const int Ones = 0x0001_0001;

    public static ScanPrecision Precision => ScanPrecision.Int8;

    public static int ChunkUnits => StepsOfChunk;

    public static int HeadUnits => 1;

    /// <summary>Returns what takes away from the sums of a chunk what <see cref="RowZero"/> adds to them.</summary>
    public static int Head(ReadOnlySpan<int> query)
    {
        int head = 0;
        foreach (int unit in query)
        {
            head = MultiplyAdd(0x0101_0101 * RowZero, unit, head);
        }

        return ((-head) & 0xFFFF) | (-(head >> 16) << 16);
    }

    public static Vector512<int> MultiplyAdd(Vector512<int> a, Vector512<int> b, Vector512<int> c) =>
        (
            c.AsInt16()
            + (
                Avx512BW.IsSupported
                    ? Avx512BW.MultiplyAddAdjacent(a.AsByte(), b.AsSByte())
                    : ((a.AsInt16() & Vector512.Create((short)byte.MaxValue)) * ((b.AsInt16() << 8) >> 8))
                        + ((a.AsInt16() >>> 8) * (b.AsInt16() >> 8))
            )
        ).AsInt32();

    public static Vector256<int> MultiplyAdd(Vector256<int> a, Vector256<int> b, Vector256<int> c) =>
        (
            c.AsInt16()
            + (
                Avx2.IsSupported
                    ? Avx2.MultiplyAddAdjacent(a.AsByte(), b.AsSByte())
                    : ((a.AsInt16() & Vector256.Create((short)byte.MaxValue)) * ((b.AsInt16() << 8) >> 8))
                        + ((a.AsInt16() >>> 8) * (b.AsInt16() >> 8))
            )
        ).AsInt32();

    public static Vector128<int> MultiplyAdd(Vector128<int> a, Vector128<int> b, Vector128<int> c) =>
        (
            c.AsInt16()
            + (
                Ssse3.IsSupported
                    ? Ssse3.MultiplyAddAdjacent(a.AsByte(), b.AsSByte())
                    : ((a.AsInt16() & Vector128.Create((short)byte.MaxValue)) * ((b.AsInt16() << 8) >> 8))
                        + ((a.AsInt16() >>> 8) * (b.AsInt16() >> 8))
            )
        ).AsInt32();

    public static int MultiplyAdd(int a, int b, int c)
    {
        short lower = (short)(c + ((byte)a * (sbyte)b) + ((byte)(a >> 8) * (sbyte)(b >> 8)));
        short upper = (short)((c >> 16) + ((byte)(a >> 16) * (sbyte)(b >> 16)) + ((byte)(a >> 24) * (sbyte)(b >> 24)));
        return (ushort)lower | (upper << 16);
    }

    public static Vector512<int> Finish(Vector512<int> sum, Vector512<int> product) =>
        Int16Arithmetic.MultiplyAdd(sum, Vector512.Create(Ones), product);

    public static Vector256<int> Finish(Vector256<int> sum, Vector256<int> product) =>
        Int16Arithmetic.MultiplyAdd(sum, Vector256.Create(Ones), product);

    public static Vector128<int> Finish(Vector128<int> sum, Vector128<int> product) =>
        Int16Arithmetic.MultiplyAdd(sum, Vector128.Create(Ones), product);

    public static int Finish(int sum, int product) => Int16Arithmetic.MultiplyAdd(sum, Ones, product);

    public static Vector512<float> ToSingle(Vector512<int> product) => Vector512.ConvertToSingle(product);

    public static Vector256<float> ToSingle(Vector256<int> product) => Vector256.ConvertToSingle(product);

    public static Vector128<float> ToSingle(Vector128<int> product) => Vector128.ConvertToSingle(product);

    public static float ToSingle(int product) => product;
}
