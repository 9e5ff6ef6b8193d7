namespace Tsds.Numerics;

/// <summary>
/// A register of 32-bit units with the few operations of the blocked kernel, so that its loop is written once for all
/// widths.
/// </summary>
internal interface ISimdRegister<TSelf>
    where TSelf : struct, ISimdRegister<TSelf>
{
    /// <summary>Gets the number of units.</summary>
    static abstract int Count { get; }

    /// <summary>Gets the meaning of a unit.</summary>
    static abstract ScanPrecision Precision { get; }

    /// <inheritdoc cref="IArithmetic.ChunkUnits"/>
    static abstract int ChunkUnits { get; }

    /// <inheritdoc cref="IArithmetic.HeadUnits"/>
    static abstract int HeadUnits { get; }

    static abstract TSelf Zero { get; }

    static abstract TSelf Broadcast(int unit);

    static abstract TSelf Load(ref readonly int source);

    static abstract void Store(TSelf value, ref int destination);

    /// <summary>Returns a·b + c.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>Returns the product of the chunks before, with the sum of one more added.</summary>
    static abstract TSelf Finish(TSelf sum, TSelf product);

    /// <summary>Returns the value of all units of a product together, rounded to float32.</summary>
    static abstract float Sum(TSelf product);

    /// <summary>
    /// Returns a mask in which bit i is set if scale·product_i + level_i &lt; threshold; not set if one of them is NaN.
    /// </summary>
    static abstract uint IsBelow(TSelf product, float scale, ref readonly float levels, float threshold);
}
