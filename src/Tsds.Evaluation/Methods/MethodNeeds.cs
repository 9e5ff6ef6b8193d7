namespace Tsds.Evaluation.Methods;

/// <summary>The inputs that a method needs in addition to the embeddings of pool and targets.</summary>
[Flags]
internal enum MethodNeeds
{
    /// <summary>No further inputs.</summary>
    None = 0,

    /// <summary>The texts of pool and targets.</summary>
    Texts = 1,

    /// <summary>The sources of the pool's rows.</summary>
    Sources = 2,

    /// <summary>Embeddings that are gradient features, which only the user can provide.</summary>
    GradientFeatures = 4,

    /// <summary>
    /// Embeddings of length 1, for methods that are defined by the cosine: <see cref="Normalization.L2"/>.
    /// </summary>
    UnitVectors = 8,
}
