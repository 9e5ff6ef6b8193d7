namespace Tsds.Numerics;

/// <summary>
/// A single unit: the kernel in plain arithmetic, for processors without vectors and as the oracle of the others.
/// </summary>
internal readonly struct LaneScalar<TArithmetic>(int value) : ILane<LaneScalar<TArithmetic>>
    where TArithmetic : IArithmetic
{
    private readonly int _value = value;

    public static int Count => 1;

    public static ScanPrecision Precision => TArithmetic.Precision;

    public static LaneScalar<TArithmetic> Zero => default;

    public static LaneScalar<TArithmetic> Broadcast(int unit) => new(unit);

    public static LaneScalar<TArithmetic> Load(ref readonly int source) => new(source);

    public static void Store(LaneScalar<TArithmetic> value, ref int destination) => destination = value._value;

    public static LaneScalar<TArithmetic> MultiplyAdd(
        LaneScalar<TArithmetic> a,
        LaneScalar<TArithmetic> b,
        LaneScalar<TArithmetic> c
    ) => new(TArithmetic.MultiplyAdd(a._value, b._value, c._value));

    public static uint IsBelow(
        LaneScalar<TArithmetic> product,
        float scale,
        ref readonly float levels,
        float threshold
    ) => (TArithmetic.ToSingle(product._value) * scale) + levels < threshold ? 1u : 0u;
}
