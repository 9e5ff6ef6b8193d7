using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>A register of 4 units in 128 bits.</summary>
internal readonly struct Register128<TArithmetic>(Vector128<int> value) : ISimdRegister<Register128<TArithmetic>>
    where TArithmetic : IArithmetic
{
    private readonly Vector128<int> _value = value;

    public static int Count => Vector128<int>.Count;

    public static ScanPrecision Precision => TArithmetic.Precision;

    public static int ChunkUnits => TArithmetic.ChunkUnits;

    public static int HeadUnits => TArithmetic.HeadUnits;

    public static Register128<TArithmetic> Zero => default;

    public static Register128<TArithmetic> Broadcast(int unit) => new(Vector128.Create(unit));

    public static Register128<TArithmetic> Load(ref readonly int source) => new(Vector128.LoadUnsafe(in source));

    public static void Store(Register128<TArithmetic> value, ref int destination) =>
        value._value.StoreUnsafe(ref destination);

    public static Register128<TArithmetic> MultiplyAdd(
        Register128<TArithmetic> a,
        Register128<TArithmetic> b,
        Register128<TArithmetic> c
    ) => new(TArithmetic.MultiplyAdd(a._value, b._value, c._value));

    public static Register128<TArithmetic> Finish(Register128<TArithmetic> sum, Register128<TArithmetic> product) =>
        new(TArithmetic.Finish(sum._value, product._value));

    public static float Sum(Register128<TArithmetic> product) =>
        TArithmetic.Precision == ScanPrecision.Float32
            ? Vector128.Sum(product._value.AsSingle())
            : Vector128.Sum(product._value);

    public static uint IsBelow(
        Register128<TArithmetic> product,
        float scale,
        ref readonly float levels,
        float threshold
    )
    {
        Vector128<float> value = TArithmetic.ToSingle(product._value);
        Vector128<float> sum = Vector128.MultiplyAddEstimate(
            value,
            Vector128.Create(scale),
            Vector128.LoadUnsafe(in levels)
        );
        return (uint)Vector128.LessThan(sum, Vector128.Create(threshold)).ExtractMostSignificantBits();
    }
}
