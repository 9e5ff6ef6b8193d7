namespace Tsds;

/// <summary>The normalization of each embedding before distances are computed, the same for pool and targets.</summary>
public enum Normalization
{
    /// <summary>
    /// Divide by the Euclidean norm, so that distances are √(2 − 2·cosine). A zero vector is an error.
    /// </summary>
    L2,

    /// <summary>Use the embeddings as they are.</summary>
    None,
}
