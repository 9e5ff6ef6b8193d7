using System.Globalization;
using System.Text.RegularExpressions;
using Tsds.Data.Files;

namespace Tsds.Jobs.Batch;

/// <summary>
/// The folder that a selection shares with its batch jobs: for each round a request, and the parts that answer it.
/// </summary>
internal sealed partial class WorkFolder(string path)
{
    public string Path => path;

    /// <summary>Returns the word for the kind of search of a round.</summary>
    public static string WordFor(SelectionStage stage) => stage == SelectionStage.Neighbors ? "neighbors" : "density";

    /// <summary>Writes a request, unless an earlier run did, and returns its path.</summary>
    /// <returns>Its seal.</returns>
    /// <exception cref="InvalidDataException">An earlier run asked for something else.</exception>
    public string Ask(int round, PoolRequest request)
    {
        Directory.CreateDirectory(path);
        string file = PathOf(round, request.Stage, ".request");
        string? known = File.Exists(file) ? SealedFile.ReadSeal(file) : null;
        string seal = "";
        AtomicFile.Create(
            file,
            asked =>
            {
                request.Write(asked);
                seal = SealedFile.ReadSeal(asked)!;
                if (known is not null && known != seal)
                {
                    throw new InvalidDataException(
                        $"Expected the selection that {path} was begun for, found that it asks for something "
                            + $"else in round {round}; give the same options and inputs, or choose another --work."
                    );
                }
            }
        );
        return seal;
    }

    /// <summary>Returns the path of the request of the last round, or null.</summary>
    /// <returns>Its file, or null before the first round.</returns>
    public string? Latest() =>
        Directory.Exists(path)
            ? Directory
                .EnumerateFiles(path, "*.request")
                .Where(file => RequestName().IsMatch(System.IO.Path.GetFileName(file)))
                .MaxBy(RoundOf)
            : null;

    public static int RoundOf(string? request) =>
        request is null
            ? 0
            : int.Parse(
                RequestName().Match(System.IO.Path.GetFileName(request)).Groups[1].Value,
                CultureInfo.InvariantCulture
            );

    /// <summary>Returns the path of a part.</summary>
    public string PartOf(int round, SelectionStage stage, int index, int count) =>
        PathOf(round, stage, string.Create(CultureInfo.InvariantCulture, $".part-{index:D4}-of-{count:D4}"));

    /// <summary>Returns the number of parts into which a round is divided.</summary>
    /// <returns>0 before the first part is there.</returns>
    /// <exception cref="InvalidDataException">There are parts of two ways to split it.</exception>
    public int CountParts(int round, SelectionStage stage)
    {
        int[] counts =
        [
            .. Directory
                .EnumerateFiles(path, System.IO.Path.GetFileName(PathOf(round, stage, ".part-*")))
                .Select(file => PartName().Match(file))
                .Where(match => match.Success)
                .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
                .Distinct()
                .Order(),
        ];
        return counts.Length <= 1
            ? counts.FirstOrDefault()
            : throw new InvalidDataException(
                $"Expected parts of one --of in round {round} of {path}, found "
                    + $"{string.Join(" and ", counts)}; delete those of one."
            );
    }

    private string PathOf(int round, SelectionStage stage, string suffix) =>
        System.IO.Path.Combine(
            path,
            string.Create(CultureInfo.InvariantCulture, $"{round:D3}-{WordFor(stage)}{suffix}")
        );

    [GeneratedRegex(@"^(\d{3,9})-(neighbors|density)\.request$")]
    private static partial Regex RequestName();

    [GeneratedRegex(@"\.part-\d{4,9}-of-(\d{4,9})$")]
    private static partial Regex PartName();
}
