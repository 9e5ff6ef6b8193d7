namespace Tsds.Data.Embedding.Lexical;

/// <summary>The number of times that a feature occurs in a text.</summary>
/// <param name="Bucket">The bucket that the feature is hashed into.</param>
/// <param name="Count">At least 1.</param>
internal readonly record struct FeatureCount(int Bucket, int Count);
