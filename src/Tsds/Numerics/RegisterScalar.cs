namespace Tsds.Numerics;

/// <summary>
/// A register of a single unit: the kernel in scalar arithmetic, for processors without vector instructions and as the
/// reference in tests.
/// </summary>
internal readonly struct RegisterScalar<TArithmetic>(int value) : ISimdRegister<RegisterScalar<TArithmetic>>
    where TArithmetic : IArithmetic
{
    private readonly int _value = value;

    public static int Count => 1;

    public static ScanPrecision Precision => TArithmetic.Precision;

    public static int ChunkUnits => TArithmetic.ChunkUnits;

    public static int HeadUnits => TArithmetic.HeadUnits;

    public static RegisterScalar<TArithmetic> Zero => default;

    public static RegisterScalar<TArithmetic> Broadcast(int unit) => new(unit);

    public static RegisterScalar<TArithmetic> Load(ref readonly int source) => new(source);

    public static void Store(RegisterScalar<TArithmetic> value, ref int destination) => destination = value._value;

    public static RegisterScalar<TArithmetic> MultiplyAdd(
        RegisterScalar<TArithmetic> a,
        RegisterScalar<TArithmetic> b,
        RegisterScalar<TArithmetic> c
    ) => new(TArithmetic.MultiplyAdd(a._value, b._value, c._value));

    public static RegisterScalar<TArithmetic> Finish(
        RegisterScalar<TArithmetic> sum,
        RegisterScalar<TArithmetic> product
    ) => new(TArithmetic.Finish(sum._value, product._value));

    public static float Sum(RegisterScalar<TArithmetic> product) => TArithmetic.ToSingle(product._value);

    public static uint IsBelow(
        RegisterScalar<TArithmetic> product,
        float scale,
        ref readonly float levels,
        float threshold
    ) => (TArithmetic.ToSingle(product._value) * scale) + levels < threshold ? 1u : 0u;
}
