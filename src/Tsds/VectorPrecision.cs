namespace Tsds;

/// <summary>How embeddings are stored.</summary>
public enum VectorPrecision
{
    /// <summary>float32: 4 bytes a value, as they are computed.</summary>
    Full,

    /// <summary>float16: 2 bytes a value: 11 significant bits, magnitudes up to 65,504.</summary>
    Half,
}
