using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>8 lanes of 256 bits.</summary>
internal readonly struct Lane256(Vector256<float> value) : ILane<Lane256>
{
    private readonly Vector256<float> _value = value;

    public static int Count => Vector256<float>.Count;

    public static Lane256 Zero => default;

    public static Lane256 Broadcast(float value) => new(Vector256.Create(value));

    public static Lane256 Load(ref readonly float source) => new(Vector256.LoadUnsafe(in source));

    public static void Store(Lane256 value, ref float destination) => value._value.StoreUnsafe(ref destination);

    public static Lane256 MultiplyAdd(Lane256 a, Lane256 b, Lane256 c) =>
        new(Vector256.MultiplyAddEstimate(a._value, b._value, c._value));

    public static Lane256 Subtract(Lane256 a, Lane256 b) => new(a._value - b._value);

    public static uint GreaterThan(Lane256 a, Lane256 b) =>
        (uint)Vector256.GreaterThan(a._value, b._value).ExtractMostSignificantBits();
}
