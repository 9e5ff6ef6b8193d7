namespace Tsds.Sampling;

/// <summary>
/// A random number generator without state: number n of stream k of a seed is a pure function of the three.
/// </summary>
/// <remarks>
/// <para>
/// u(seed, stream, n) = mix(mix(seed + stream·φ) + (n + 1)·φ) with φ = 0x9E3779B97F4A7C15 and mix the finalizer of
/// SplitMix64 (x ^= x &gt;&gt; 30; x *= 0xBF58476D1CE4E5B9; x ^= x &gt;&gt; 27; x *= 0x94D049BB133111EB; x ^= x
/// &gt;&gt; 31), all modulo 2⁶⁴. Uniform numbers use the upper 53 bits.
/// </para>
/// <para>This never changes: selections are reproduced from their seed. The first numbers are fixed by a test.</para>
/// </remarks>
/// <seealso href="https://doi.org/10.1145/2660193.2660195">Steele, Lea, Flood 2014, Fast splittable pseudorandom number
/// generators</seealso>
internal readonly struct CounterRandom(ulong seed, ulong stream)
{
    private readonly ulong _key = SplitMix.Finish(unchecked(seed + (stream * SplitMix.GoldenGamma)));

    /// <summary>Returns 64 random bits.</summary>
    public ulong Bits(ulong counter) => SplitMix.Mix(unchecked(_key + (counter * SplitMix.GoldenGamma)));

    /// <summary>Returns a multiple of 2⁻⁵³ in [0, 1).</summary>
    public double Uniform(ulong counter) => (Bits(counter) >> 11) * (1.0 / (1UL << 53));
}
