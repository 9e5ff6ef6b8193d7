using Tsds.Jobs.Inspect;

namespace Tsds.Cli.Output;

/// <summary>The rows of a file that a trainer would read.</summary>
/// <param name="AsIs">The rows that it reads as they are.</param>
/// <param name="Rewritten">The rows that an export writes anew.</param>
/// <param name="Refused">The rows that an export refuses.</param>
/// <param name="FirstRefused">The first of them, each with its line and the reason.</param>
internal sealed record FileTrainer(long AsIs, long Rewritten, long Refused, IReadOnlyList<string> FirstRefused)
{
    public static FileTrainer Of(TrainerCount count) =>
        new(
            count.AsIs,
            count.Rewritten,
            count.Refused,
            [.. count.FirstRefused.Select(row => $"{row.Line}: {row.Reason}")]
        );
}
