namespace Tsds.Numerics;

/// <summary>One register of float32 lanes: the few operations of the blocked kernel, so that its loop is written once.</summary>
internal interface ILane<TSelf>
    where TSelf : struct, ILane<TSelf>
{
    /// <summary>Gets the number of lanes.</summary>
    static abstract int Count { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf Broadcast(float value);

    static abstract TSelf Load(ref readonly float source);

    static abstract void Store(TSelf value, ref float destination);

    /// <summary>a·b + c, fused where the processor fuses; the error bound of <see cref="CandidateScan"/> holds either way.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    static abstract TSelf Subtract(TSelf a, TSelf b);

    /// <summary>Sets bit i where a_i &gt; b_i; not where one of them is NaN.</summary>
    static abstract uint GreaterThan(TSelf a, TSelf b);
}
