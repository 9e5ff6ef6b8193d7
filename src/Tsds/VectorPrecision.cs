namespace Tsds;

/// <summary>The floating-point format in which embeddings are stored.</summary>
public enum VectorPrecision
{
    /// <summary>float32: 4 bytes per value, as they are computed.</summary>
    Full,

    /// <summary>float16: 2 bytes per value, 11 significant bits, magnitudes up to 65,504.</summary>
    Half,
}
