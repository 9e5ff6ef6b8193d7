namespace Tsds.Data.Embedding;

/// <summary>The role of a text in a search. Some models mark the two roles differently.</summary>
internal enum TextRole
{
    /// <summary>A row of the pool.</summary>
    Passage,

    /// <summary>A target.</summary>
    Query,
}
