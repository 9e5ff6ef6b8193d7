using System.Runtime.InteropServices;

namespace Tsds.Sampling;

/// <summary>Finds the largest of many values without sorting or copying them.</summary>
internal static class LargestValues
{
    private const int DigitBits = 16;

    /// <summary>Returns the n-th largest value, and how many of the n largest equal it.</summary>
    /// <param name="values">Not negative, so that they order as their bits do.</param>
    /// <param name="count">n, from 1 to the number of values.</param>
    /// <returns>The value, and how many of those equal to it are among the n largest, at least 1.</returns>
    public static (double Value, long Equal) Find(ReadOnlySpan<double> values, long count)
    {
        // Four passes, each of which settles the next 16 bits: a histogram of that digit among the values that share
        // the bits above.
        ReadOnlySpan<ulong> bits = MemoryMarshal.Cast<double, ulong>(values);
        long[] histogram = new long[1 << DigitBits];
        ulong prefix = 0;
        long wanted = count;
        for (int shift = 64 - DigitBits; shift >= 0; shift -= DigitBits)
        {
            Array.Clear(histogram);
            ulong above = shift == 64 - DigitBits ? 0 : ulong.MaxValue << (shift + DigitBits);
            foreach (ulong value in bits)
            {
                if ((value & above) == prefix)
                {
                    histogram[(value >> shift) & ((1 << DigitBits) - 1)]++;
                }
            }

            int digit = histogram.Length - 1;
            while (histogram[digit] < wanted)
            {
                wanted -= histogram[digit--];
            }

            prefix |= (ulong)digit << shift;
        }

        return (BitConverter.UInt64BitsToDouble(prefix), wanted);
    }
}
