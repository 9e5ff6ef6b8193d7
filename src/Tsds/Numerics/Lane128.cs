using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>4 lanes of 128 bits.</summary>
internal readonly struct Lane128(Vector128<float> value) : ILane<Lane128>
{
    private readonly Vector128<float> _value = value;

    public static int Count => Vector128<float>.Count;

    public static Lane128 Zero => default;

    public static Lane128 Broadcast(float value) => new(Vector128.Create(value));

    public static Lane128 Load(ref readonly float source) => new(Vector128.LoadUnsafe(in source));

    public static void Store(Lane128 value, ref float destination) => value._value.StoreUnsafe(ref destination);

    public static Lane128 MultiplyAdd(Lane128 a, Lane128 b, Lane128 c) =>
        new(Vector128.MultiplyAddEstimate(a._value, b._value, c._value));

    public static Lane128 Subtract(Lane128 a, Lane128 b) => new(a._value - b._value);

    public static uint GreaterThan(Lane128 a, Lane128 b) =>
        (uint)Vector128.GreaterThan(a._value, b._value).ExtractMostSignificantBits();
}
