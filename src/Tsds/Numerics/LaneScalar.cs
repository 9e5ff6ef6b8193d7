namespace Tsds.Numerics;

/// <summary>A single lane: the kernel in plain arithmetic, for processors without vectors and as the oracle of the others.</summary>
internal readonly struct LaneScalar(float value) : ILane<LaneScalar>
{
    private readonly float _value = value;

    public static int Count => 1;

    public static LaneScalar Zero => default;

    public static LaneScalar Broadcast(float value) => new(value);

    public static LaneScalar Load(ref readonly float source) => new(source);

    public static void Store(LaneScalar value, ref float destination) => destination = value._value;

    public static LaneScalar MultiplyAdd(LaneScalar a, LaneScalar b, LaneScalar c) => new((a._value * b._value) + c._value);

    public static LaneScalar Subtract(LaneScalar a, LaneScalar b) => new(a._value - b._value);

    public static uint GreaterThan(LaneScalar a, LaneScalar b) => a._value > b._value ? 1u : 0u;
}
