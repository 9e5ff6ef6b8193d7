namespace Tsds.Sampling;

/// <summary>SplitMix64: maps 64 bits to 64 well-mixed bits.</summary>
/// <remarks>
/// This never changes: selections are reproduced from their seed, and lexical vectors are kept from run to run.
/// </remarks>
/// <seealso href="https://doi.org/10.1145/2660193.2660195">Steele, Lea, Flood 2014, Fast splittable pseudorandom number
/// generators</seealso>
internal static class SplitMix
{
    /// <summary>The odd number nearest to 2⁶⁴/φ, by which the states of the generator are apart.</summary>
    public const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    /// <summary>Returns the output of the generator in some state: the finalizer of the next state.</summary>
    public static ulong Mix(ulong value) => Finish(unchecked(value + GoldenGamma));

    /// <summary>Returns the finalizer of a value; 0 stays 0.</summary>
    public static ulong Finish(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
