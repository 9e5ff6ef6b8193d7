using System.Diagnostics.CodeAnalysis;

namespace Tsds;

/// <summary>
/// Guards for arguments of public members. Each is written as a positive test, so that NaN, for which every comparison
/// is false, is refused too.
/// </summary>
internal static class ThrowHelper
{
    public static void ThrowIfNotFiniteOrNegative(double value, string name)
    {
        if (!(value >= 0 && double.IsFinite(value)))
        {
            Throw(name, value, "a finite number that is not negative");
        }
    }

    public static void ThrowIfNotFiniteOrNotPositive(double value, string name)
    {
        if (!(value > 0 && double.IsFinite(value)))
        {
            Throw(name, value, "a finite number above 0");
        }
    }

    public static void ThrowIfNotInUnitInterval(double value, string name)
    {
        if (!(value >= 0 && value <= 1))
        {
            Throw(name, value, "a number from 0 to 1");
        }
    }

    [DoesNotReturn]
    private static void Throw(string name, double value, string expected) =>
        throw new ArgumentOutOfRangeException(name, value, $"Expected {expected}.");

    public static void ThrowIfNotAscendingIds(ReadOnlySpan<long> ids, long count, string name)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            if (ids[i] < 0 || ids[i] >= count || (i > 0 && ids[i] <= ids[i - 1]))
            {
                throw new ArgumentException(
                    $"Expected ascending ids from 0 to {count - 1}, none twice, found {ids[i]} at {i}.",
                    name
                );
            }
        }
    }
}
