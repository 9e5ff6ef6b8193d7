namespace Tsds.Data.Tokens;

/// <summary>The tokens of a row that count towards a budget.</summary>
public enum TokenCount
{
    /// <summary>All tokens.</summary>
    All,

    /// <summary>
    /// The tokens that are trained on: assistant turns, completions, labels other than −100; of plain text all tokens.
    /// </summary>
    Supervised,
}
