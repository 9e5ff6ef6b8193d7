using Tsds.Jobs.Export;
using Tsds.Jobs.Inspect;

namespace Tsds.Cli.Output;

/// <summary>The event <c>file</c> of <c>tsds inspect</c>: what is in one file.</summary>
/// <param name="Path">The path as it was given.</param>
/// <param name="Problem">Why the file cannot be used, or null.</param>
/// <param name="Container">What kind of file it is, or null if there is a problem.</param>
/// <param name="Schema">Its schema, or null if there is a problem.</param>
/// <param name="Schemas">Its rows by schema.</param>
/// <param name="Rows">The rows that can be used.</param>
/// <param name="BadRows">The rows that cannot.</param>
/// <param name="FirstBadRows">The first of them, each with its line and the reason.</param>
/// <param name="Bytes">The size of the file.</param>
/// <param name="Sha256">The hash of the file, or null if there is a problem.</param>
/// <param name="Characters">The characters of all texts.</param>
/// <param name="Tokens">The estimate of their tokens.</param>
/// <param name="EmptyFields">The rows in which a field is empty, by field.</param>
/// <param name="Letters">The letters by script.</param>
/// <param name="Trainers">What each trainer would read of it, by the trainer's word.</param>
internal sealed record FileEvent(
    string Path,
    string? Problem,
    string? Container,
    string? Schema,
    IReadOnlyDictionary<string, long> Schemas,
    long Rows,
    long BadRows,
    IReadOnlyList<string> FirstBadRows,
    long Bytes,
    string? Sha256,
    long Characters,
    long Tokens,
    IReadOnlyDictionary<string, long> EmptyFields,
    IReadOnlyDictionary<string, long> Letters,
    IReadOnlyDictionary<string, FileTrainer> Trainers
)
{
    private const int MostBadRows = 10;

    public static FileEvent Of(InspectedFile file) =>
        new(
            file.Path,
            file.Problem,
            file.Container,
            file.Schema,
            file.Schemas,
            file.Rows,
            file.BadRows,
            [.. file.FirstBadRows.Take(MostBadRows).Select(row => $"{row.Line}: {row.Reason}")],
            file.Bytes,
            file.Sha256,
            file.Characters,
            file.Tokens,
            file.EmptyFields,
            file.Letters,
            file.Trainers.ToDictionary(count => TrainerRules.Of(count.Trainer).Word, FileTrainer.Of)
        );
}
