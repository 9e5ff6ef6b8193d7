using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>A register of 16 units in 512 bits.</summary>
internal readonly struct Register512<TArithmetic>(Vector512<int> value) : ISimdRegister<Register512<TArithmetic>>
    where TArithmetic : IArithmetic
{
    private readonly Vector512<int> _value = value;

    public static int Count => Vector512<int>.Count;

    public static ScanPrecision Precision => TArithmetic.Precision;

    public static int ChunkUnits => TArithmetic.ChunkUnits;

    public static int HeadUnits => TArithmetic.HeadUnits;

    public static Register512<TArithmetic> Zero => default;

    public static Register512<TArithmetic> Broadcast(int unit) => new(Vector512.Create(unit));

    public static Register512<TArithmetic> Load(ref readonly int source) => new(Vector512.LoadUnsafe(in source));

    public static void Store(Register512<TArithmetic> value, ref int destination) =>
        value._value.StoreUnsafe(ref destination);

    public static Register512<TArithmetic> MultiplyAdd(
        Register512<TArithmetic> a,
        Register512<TArithmetic> b,
        Register512<TArithmetic> c
    ) => new(TArithmetic.MultiplyAdd(a._value, b._value, c._value));

    public static Register512<TArithmetic> Finish(Register512<TArithmetic> sum, Register512<TArithmetic> product) =>
        new(TArithmetic.Finish(sum._value, product._value));

    public static float Sum(Register512<TArithmetic> product) =>
        TArithmetic.Precision == ScanPrecision.Float32
            ? Vector512.Sum(product._value.AsSingle())
            : Vector512.Sum(product._value);

    public static uint IsBelow(
        Register512<TArithmetic> product,
        float scale,
        ref readonly float levels,
        float threshold
    )
    {
        Vector512<float> value = TArithmetic.ToSingle(product._value);
        Vector512<float> sum = Vector512.MultiplyAddEstimate(
            value,
            Vector512.Create(scale),
            Vector512.LoadUnsafe(in levels)
        );
        return (uint)Vector512.LessThan(sum, Vector512.Create(threshold)).ExtractMostSignificantBits();
    }
}
