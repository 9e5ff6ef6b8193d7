using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>
/// The meaning of a 32-bit unit in the blocked kernel: one float32, a pair of int16, or four int8. The loop, the tile
/// and the packing are the same for all.
/// </summary>
internal interface IArithmetic
{
    /// <summary>Gets the precision that this arithmetic computes in.</summary>
    static abstract ScanPrecision Precision { get; }

    /// <summary>
    /// Gets the number of steps after which a sum must be finished, because it could leave its range.
    /// </summary>
    static abstract int ChunkUnits { get; }

    /// <summary>
    /// Gets the number of units, 0 or 1, that stand before each chunk of a query and are what its sum starts from.
    /// </summary>
    static abstract int HeadUnits { get; }

    /// <summary>Returns a·b + c, unit by unit.</summary>
    /// <param name="a">Units of a row.</param>
    /// <param name="b">Units of a query.</param>
    /// <param name="c">The sum of a chunk so far.</param>
    static abstract Vector512<int> MultiplyAdd(Vector512<int> a, Vector512<int> b, Vector512<int> c);

    /// <inheritdoc cref="MultiplyAdd(Vector512{int}, Vector512{int}, Vector512{int})"/>
    static abstract Vector256<int> MultiplyAdd(Vector256<int> a, Vector256<int> b, Vector256<int> c);

    /// <inheritdoc cref="MultiplyAdd(Vector512{int}, Vector512{int}, Vector512{int})"/>
    static abstract Vector128<int> MultiplyAdd(Vector128<int> a, Vector128<int> b, Vector128<int> c);

    /// <inheritdoc cref="MultiplyAdd(Vector512{int}, Vector512{int}, Vector512{int})"/>
    static abstract int MultiplyAdd(int a, int b, int c);

    /// <summary>Returns the product of the chunks before, with the sum of one more added.</summary>
    static abstract Vector512<int> Finish(Vector512<int> sum, Vector512<int> product);

    /// <inheritdoc cref="Finish(Vector512{int}, Vector512{int})"/>
    static abstract Vector256<int> Finish(Vector256<int> sum, Vector256<int> product);

    /// <inheritdoc cref="Finish(Vector512{int}, Vector512{int})"/>
    static abstract Vector128<int> Finish(Vector128<int> sum, Vector128<int> product);

    /// <inheritdoc cref="Finish(Vector512{int}, Vector512{int})"/>
    static abstract int Finish(int sum, int product);

    /// <summary>Returns the value of an accumulated product, rounded to float32.</summary>
    static abstract Vector512<float> ToSingle(Vector512<int> product);

    /// <inheritdoc cref="ToSingle(Vector512{int})"/>
    static abstract Vector256<float> ToSingle(Vector256<int> product);

    /// <inheritdoc cref="ToSingle(Vector512{int})"/>
    static abstract Vector128<float> ToSingle(Vector128<int> product);

    /// <inheritdoc cref="ToSingle(Vector512{int})"/>
    static abstract float ToSingle(int product);
}
