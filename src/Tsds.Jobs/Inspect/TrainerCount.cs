using Tsds.Jobs.Export;

namespace Tsds.Jobs.Inspect;

/// <summary>The number of rows of a file that a trainer would read.</summary>
/// <param name="Trainer">The trainer.</param>
/// <param name="AsIs">The rows that it reads as they are.</param>
/// <param name="Rewritten">The rows that an export writes anew for it.</param>
/// <param name="Refused">The rows that it would fail on or lose words of.</param>
/// <param name="FirstRefused">The first three of these, with their reasons.</param>
internal sealed record TrainerCount(
    Trainer Trainer,
    long AsIs,
    long Rewritten,
    long Refused,
    IReadOnlyList<RowProblem> FirstRefused
);
