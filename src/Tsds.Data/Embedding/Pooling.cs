namespace Tsds.Data.Embedding;

/// <summary>The way in which the vectors of a text's tokens become one vector.</summary>
internal enum Pooling
{
    /// <summary>The mean over the tokens.</summary>
    Mean,

    /// <summary>The vector of the first token.</summary>
    First,

    /// <summary>The vector of the last token.</summary>
    Last,
}
