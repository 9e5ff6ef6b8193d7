using System.Runtime.Intrinsics;

namespace Tsds.Numerics;

/// <summary>
/// The meaning of a 32-bit unit in the blocked kernel: one float32, or a pair of int16. The loop, the tile and the
/// packing are the same for both.
/// </summary>
internal interface IArithmetic
{
    /// <summary>Gets the precision that this arithmetic computes in.</summary>
    static abstract ScanPrecision Precision { get; }

    /// <summary>Returns a·b + c, unit by unit.</summary>
    static abstract Vector512<int> MultiplyAdd(Vector512<int> a, Vector512<int> b, Vector512<int> c);

    /// <inheritdoc cref="MultiplyAdd(Vector512{int}, Vector512{int}, Vector512{int})"/>
    static abstract Vector256<int> MultiplyAdd(Vector256<int> a, Vector256<int> b, Vector256<int> c);

    /// <inheritdoc cref="MultiplyAdd(Vector512{int}, Vector512{int}, Vector512{int})"/>
    static abstract Vector128<int> MultiplyAdd(Vector128<int> a, Vector128<int> b, Vector128<int> c);

    /// <inheritdoc cref="MultiplyAdd(Vector512{int}, Vector512{int}, Vector512{int})"/>
    static abstract int MultiplyAdd(int a, int b, int c);

    /// <summary>Returns the value of an accumulated product, rounded to float32.</summary>
    static abstract Vector512<float> ToSingle(Vector512<int> product);

    /// <inheritdoc cref="ToSingle(Vector512{int})"/>
    static abstract Vector256<float> ToSingle(Vector256<int> product);

    /// <inheritdoc cref="ToSingle(Vector512{int})"/>
    static abstract Vector128<float> ToSingle(Vector128<int> product);

    /// <inheritdoc cref="ToSingle(Vector512{int})"/>
    static abstract float ToSingle(int product);
}
