namespace Tsds.Data.Embedding.Lexical;

/// <summary>
/// The finalizer of SplitMix64, which maps 64 bits to 64 well-mixed bits; the embedder's only source of randomness.
/// </summary>
internal static class SplitMix
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value += GoldenGamma;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
