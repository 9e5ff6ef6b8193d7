using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Compare;

/// <summary>
/// The completed methods of a comparison, each in a file of its own, from which an interrupted run resumes.
/// </summary>
/// <remarks>
/// A file counts for the comparison whose key it has: the hash of all that decides what a method selects and scores.
/// </remarks>
internal sealed class FinishedMethods : IDisposable
{
    /// <summary>The name of the folder below the output.</summary>
    public const string FolderName = "methods";

    private readonly string _folder;
    private readonly string _key;
    private readonly FolderLock _lock;

    private FinishedMethods(string folder, string key, FolderLock folderLock)
    {
        _folder = folder;
        _key = key;
        _lock = folderLock;
    }

    /// <summary>
    /// Opens the folder for one comparison, and removes files that an interrupted run did not complete.
    /// </summary>
    /// <exception cref="IOException">Another process is using it.</exception>
    public static FinishedMethods Open(string output, string key)
    {
        string folder = Path.Combine(output, FolderName);
        Directory.CreateDirectory(folder);
        FolderLock folderLock =
            FolderLock.TryTake(folder, isPassing: true)
            ?? throw new IOException(
                $"Expected {output} for this comparison alone, found another run of tsds that writes there; "
                    + $"wait for its end."
            );
        AtomicFile.DeleteLeftovers(folder);
        return new FinishedMethods(folder, key, folderLock);
    }

    /// <summary>Reads a method that an earlier run has completed, or returns null.</summary>
    /// <returns>Null when there is nothing, or what there is belongs to another comparison.</returns>
    public FinishedMethod? TryRead(string method)
    {
        string path = PathOf(method);
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            MethodRecord record = JsonFile.Read(path, CompareJson.Default.MethodRecord);
            return record is { Scorecard.Metrics: not null } && record.Key == _key
                ? new FinishedMethod(record.Scorecard.ToScorecard(), record.Seconds, WasKnown: true)
                : null;
        }
        catch (JsonException)
        {
            // Not ours, or of another version: it is made anew.
            return null;
        }
    }

    /// <summary>Writes the file of a completed method.</summary>
    /// <param name="scorecard">Its scores.</param>
    /// <param name="selections">What it selected in each fold.</param>
    /// <param name="seconds">What that took.</param>
    /// <returns>What the next run will read, so that there is one way to the bytes of the results.</returns>
    public FinishedMethod Write(Scorecard scorecard, IReadOnlyList<SelectedRows> selections, double seconds)
    {
        string path = PathOf(scorecard.Method);
        MethodRecord record = new(
            _key,
            Math.Round(seconds, 3),
            ScorecardRecord.Of(scorecard),
            [.. selections.Select(rows => new DrawnRows(rows.CandidateIds.ToArray(), rows.Counts.ToArray()))]
        );
        AtomicFile.Write(
            path,
            stream => JsonFile.Write(stream, record, CompareJson.Default.MethodRecord, isIndented: false)
        );
        return TryRead(scorecard.Method)! with { WasKnown = false };
    }

    public void Dispose() => _lock.Dispose();

    private string PathOf(string method) => Path.Combine(_folder, Uri.EscapeDataString(method) + ".json");
}
