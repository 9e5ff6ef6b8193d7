using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Tsds.Numerics;

/// <summary>
/// Arithmetic on pairs of int16: a step adds two products exactly in int32. It does twice the multiplications of a
/// float32 step at the same rate and, being exact, gives the same result on every processor.
/// </summary>
/// <remarks>
/// Sums stay in range because <see cref="StageEncoding"/> keeps ‖x̂‖‖q̂‖ below 2³¹. Where the processor has no
/// instruction for the step, the halves of each unit are multiplied one after the other.
/// </remarks>
internal readonly struct Int16Arithmetic : IArithmetic
{
    public static ScanPrecision Precision => ScanPrecision.Int16;

    public static int ChunkUnits => PanelKernel.DepthChunk;

    public static int HeadUnits => 0;

    public static Vector512<int> MultiplyAdd(Vector512<int> a, Vector512<int> b, Vector512<int> c) =>
        c
        + (
            Avx512BW.IsSupported
                ? Avx512BW.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16())
                : (((a << 16) >> 16) * ((b << 16) >> 16)) + ((a >> 16) * (b >> 16))
        );

    public static Vector256<int> MultiplyAdd(Vector256<int> a, Vector256<int> b, Vector256<int> c) =>
        c
        + (
            Avx2.IsSupported
                ? Avx2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16())
                : (((a << 16) >> 16) * ((b << 16) >> 16)) + ((a >> 16) * (b >> 16))
        );

    public static Vector128<int> MultiplyAdd(Vector128<int> a, Vector128<int> b, Vector128<int> c) =>
        c
        + (
            Sse2.IsSupported
                ? Sse2.MultiplyAddAdjacent(a.AsInt16(), b.AsInt16())
                : (((a << 16) >> 16) * ((b << 16) >> 16)) + ((a >> 16) * (b >> 16))
        );

    public static int MultiplyAdd(int a, int b, int c) => c + ((short)a * (short)b) + ((a >> 16) * (b >> 16));

    public static Vector512<int> Finish(Vector512<int> sum, Vector512<int> product) => sum + product;

    public static Vector256<int> Finish(Vector256<int> sum, Vector256<int> product) => sum + product;

    public static Vector128<int> Finish(Vector128<int> sum, Vector128<int> product) => sum + product;

    public static int Finish(int sum, int product) => sum + product;

    public static Vector512<float> ToSingle(Vector512<int> product) => Vector512.ConvertToSingle(product);

    public static Vector256<float> ToSingle(Vector256<int> product) => Vector256.ConvertToSingle(product);

    public static Vector128<float> ToSingle(Vector128<int> product) => Vector128.ConvertToSingle(product);

    public static float ToSingle(int product) => product;
}
