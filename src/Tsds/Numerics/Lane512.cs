using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>16 lanes of 512 bits.</summary>
internal readonly struct Lane512(Vector512<float> value) : ILane<Lane512>
{
    private readonly Vector512<float> _value = value;

    public static int Count => Vector512<float>.Count;

    public static Lane512 Zero => default;

    public static Lane512 Broadcast(float value) => new(Vector512.Create(value));

    public static Lane512 Load(ref readonly float source) => new(Vector512.LoadUnsafe(in source));

    public static void Store(Lane512 value, ref float destination) => value._value.StoreUnsafe(ref destination);

    public static Lane512 MultiplyAdd(Lane512 a, Lane512 b, Lane512 c) =>
        new(Vector512.MultiplyAddEstimate(a._value, b._value, c._value));

    public static Lane512 Subtract(Lane512 a, Lane512 b) => new(a._value - b._value);

    public static uint GreaterThan(Lane512 a, Lane512 b) =>
        (uint)Vector512.GreaterThan(a._value, b._value).ExtractMostSignificantBits();
}
