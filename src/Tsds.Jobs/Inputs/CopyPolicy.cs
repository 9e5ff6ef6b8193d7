namespace Tsds.Jobs.Inputs;

/// <summary>The policy for rows that are the same.</summary>
public enum CopyPolicy
{
    /// <summary>
    /// Rows with the same text, white space aside, or of ready-made embeddings the same vector, are one candidate:
    /// the first stands for all. Near-copies share one row's chance in the draw.
    /// </summary>
    Once,

    /// <summary>Every row is a candidate, and is drawn for itself.</summary>
    Keep,
}
