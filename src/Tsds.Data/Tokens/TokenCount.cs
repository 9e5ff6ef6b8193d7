namespace Tsds.Data.Tokens;

/// <summary>Which tokens of a row count for a budget.</summary>
public enum TokenCount
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>
    /// Those that are trained on: assistant turns, completions, labels other than −100; of plain text all.
    /// </summary>
    Supervised,
}
