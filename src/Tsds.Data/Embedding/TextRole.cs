namespace Tsds.Data.Embedding;

/// <summary>What a text is to an embedder: some models want the two marked.</summary>
internal enum TextRole
{
    /// <summary>A row of the pool.</summary>
    Passage,

    /// <summary>A target.</summary>
    Query,
}
