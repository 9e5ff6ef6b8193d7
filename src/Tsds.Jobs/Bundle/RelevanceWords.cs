namespace Tsds.Jobs.Bundle;

/// <summary>Formats how relevant a row is beside the targets, in the same words everywhere.</summary>
internal static class RelevanceWords
{
    /// <summary>Returns where a row stands among some targets, in words.</summary>
    /// <param name="share">The share of the targets that are not more relevant than the row, from 0 to 1.</param>
    /// <param name="percent">The share as it is written.</param>
    /// <param name="targets">What the targets are called: "your targets".</param>
    public static string Of(double share, string percent, string targets) =>
        share switch
        {
            <= 0 => $"less relevant than every one of {targets}",
            >= 1 => $"at least as relevant as every one of {targets}",
            _ => $"as relevant as {percent} of {targets}",
        };
}
