using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>A register of 8 units in 256 bits.</summary>
internal readonly struct Register256<TArithmetic>(Vector256<int> value) : ISimdRegister<Register256<TArithmetic>>
    where TArithmetic : IArithmetic
{
    private readonly Vector256<int> _value = value;

    public static int Count => Vector256<int>.Count;

    public static ScanPrecision Precision => TArithmetic.Precision;

    public static int ChunkUnits => TArithmetic.ChunkUnits;

    public static int HeadUnits => TArithmetic.HeadUnits;

    public static Register256<TArithmetic> Zero => default;

    public static Register256<TArithmetic> Broadcast(int unit) => new(Vector256.Create(unit));

    public static Register256<TArithmetic> Load(ref readonly int source) => new(Vector256.LoadUnsafe(in source));

    public static void Store(Register256<TArithmetic> value, ref int destination) =>
        value._value.StoreUnsafe(ref destination);

    public static Register256<TArithmetic> MultiplyAdd(
        Register256<TArithmetic> a,
        Register256<TArithmetic> b,
        Register256<TArithmetic> c
    ) => new(TArithmetic.MultiplyAdd(a._value, b._value, c._value));

    public static Register256<TArithmetic> Finish(Register256<TArithmetic> sum, Register256<TArithmetic> product) =>
        new(TArithmetic.Finish(sum._value, product._value));

    public static float Sum(Register256<TArithmetic> product) =>
        TArithmetic.Precision == ScanPrecision.Float32
            ? Vector256.Sum(product._value.AsSingle())
            : Vector256.Sum(product._value);

    public static uint IsBelow(
        Register256<TArithmetic> product,
        float scale,
        ref readonly float levels,
        float threshold
    )
    {
        Vector256<float> value = TArithmetic.ToSingle(product._value);
        Vector256<float> sum = Vector256.MultiplyAddEstimate(
            value,
            Vector256.Create(scale),
            Vector256.LoadUnsafe(in levels)
        );
        return (uint)Vector256.LessThan(sum, Vector256.Create(threshold)).ExtractMostSignificantBits();
    }
}
