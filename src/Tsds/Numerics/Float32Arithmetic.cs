using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>
/// Arithmetic on float32: a unit is one float32, a step is one multiply-add. It is fused if the processor supports
/// that; the error bound holds either way.
/// </summary>
internal readonly struct Float32Arithmetic : IArithmetic
{
    public static ScanPrecision Precision => ScanPrecision.Float32;

    public static int ChunkUnits => PanelKernel.DepthChunk;

    public static int HeadUnits => 0;

    public static Vector512<int> MultiplyAdd(Vector512<int> a, Vector512<int> b, Vector512<int> c) =>
        Vector512.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).AsInt32();

    public static Vector256<int> MultiplyAdd(Vector256<int> a, Vector256<int> b, Vector256<int> c) =>
        Vector256.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).AsInt32();

    public static Vector128<int> MultiplyAdd(Vector128<int> a, Vector128<int> b, Vector128<int> c) =>
        Vector128.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).AsInt32();

    public static int MultiplyAdd(int a, int b, int c) =>
        BitConverter.SingleToInt32Bits(
            (BitConverter.Int32BitsToSingle(a) * BitConverter.Int32BitsToSingle(b)) + BitConverter.Int32BitsToSingle(c)
        );

    public static Vector512<int> Finish(Vector512<int> sum, Vector512<int> product) =>
        (sum.AsSingle() + product.AsSingle()).AsInt32();

    public static Vector256<int> Finish(Vector256<int> sum, Vector256<int> product) =>
        (sum.AsSingle() + product.AsSingle()).AsInt32();

    public static Vector128<int> Finish(Vector128<int> sum, Vector128<int> product) =>
        (sum.AsSingle() + product.AsSingle()).AsInt32();

    public static int Finish(int sum, int product) =>
        BitConverter.SingleToInt32Bits(BitConverter.Int32BitsToSingle(sum) + BitConverter.Int32BitsToSingle(product));

    public static Vector512<float> ToSingle(Vector512<int> product) => product.AsSingle();

    public static Vector256<float> ToSingle(Vector256<int> product) => product.AsSingle();

    public static Vector128<float> ToSingle(Vector128<int> product) => product.AsSingle();

    public static float ToSingle(int product) => BitConverter.Int32BitsToSingle(product);
}
