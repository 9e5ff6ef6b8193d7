using System.Text.Json.Nodes;
using Tsds.Data.Files;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Select;

namespace Tsds.Jobs.Verify;

/// <summary>
/// Checks whether a selection is what its manifest says: hashes everything, selects again, and compares byte by byte.
/// </summary>
internal static class VerificationJob
{
    private const int MostDifferences = 8;

    /// <summary>Verifies a selection. Nothing in its folder is changed.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="options">How the selection is made again; null for the defaults.</param>
    /// <param name="progress">Receives the progress of the second selection; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>
    /// What was compared. The selection is made again only where the inputs are those of the manifest.
    /// </returns>
    /// <exception cref="InvalidDataException">The manifest does not say what was selected.</exception>
    /// <exception cref="FileNotFoundException">An input is not where it was.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<IReadOnlyList<VerificationCheck>> RunAsync(
        SelectionManifest manifest,
        RepeatOptions? options = null,
        IProgress<SelectionProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(manifest);
        using RepeatedJob job = RepeatedJob.Of(manifest, options);
        List<VerificationCheck> checks =
        [
            .. CheckFiles(
                "inputs",
                manifest.Inputs.Select(input =>
                    (
                        Moved(input.Path, input.Version, Existing(job.Options.Locate(input.Path))),
                        job.Options.Locate(input.Path),
                        input.Sha256
                    )
                )
            ),
            .. CheckFiles(
                "outputs",
                manifest.Outputs.Select(output =>
                    (output.Name, Path.Combine(manifest.Folder, output.Name), output.Sha256)
                )
            ),
        ];
        if (checks.Any(check => check is { Name: "inputs", Agrees: false }))
        {
            checks.Add(new VerificationCheck("selection", false, "not made again: its inputs are others now"));
            return checks;
        }

        await SelectionJob.RunAsync(job.Options, progress, cancellationToken).ConfigureAwait(false);
        SelectionManifest again = SelectionManifest.Read(job.Options.Output);
        foreach (string part in new[] { "tool", "embedding", "sieve", "options" })
        {
            if (manifest.Root[part] is not null || again.Root[part] is not null)
            {
                checks.Add(Compare(part, manifest.Root[part], again.Root[part]));
            }
        }

        checks.Add(
            manifest.Record.Solution is not null
                ? Compare("solution", manifest.Root["solution"], again.Root["solution"])
                : new VerificationCheck(
                    "certificate",
                    again.Record.Solution is null,
                    $"none: {manifest.Method} chooses rows without a proof"
                )
        );

        checks.Add(CompareSelections(manifest, again));
        return checks;
    }

    private static string Existing(string path) =>
        FileSources.IsAddress(path) || File.Exists(path)
            ? path
            : throw new FileNotFoundException(
                $"Expected the input {path} where it was, found none; say with --root from which folder the "
                    + $"paths of the manifest start."
            );

    /// <summary>Returns what an input is called; of one at an address that has another version now, both.</summary>
    private static string Moved(string name, string? version, string path) =>
        FileSources.IsAddress(path)
        && FileSources.Exists(path)
        && FileSources.VersionOf(path) is { } now
        && now != version
            ? $"{name}: was read at {version ?? "no version"} and is at {now} now"
            : name;

    private static IEnumerable<VerificationCheck> CheckFiles(
        string name,
        IEnumerable<(string Label, string Path, string Sha256)> files
    )
    {
        int count = 0;
        int agreeing = 0;
        foreach ((string label, string path, string sha256) in files)
        {
            count++;
            string found = FileSources.Exists(path) ? FileHash.Of(path) : "no file";
            if (found == sha256)
            {
                agreeing++;
            }
            else
            {
                yield return new VerificationCheck(name, false, $"{label}: expected SHA-256 {sha256}, found {found}");
            }
        }

        yield return new VerificationCheck(
            name,
            agreeing == count,
            $"{agreeing} of {count} files have the recorded hash"
        );
    }

    private static VerificationCheck Compare(string name, JsonNode? recorded, JsonNode? found)
    {
        string[] differences = [.. Differences(name, recorded, found).Take(MostDifferences)];
        return differences.Length > 0
            ? new VerificationCheck(NameOf(name), false, string.Join("; ", differences))
            : new VerificationCheck(NameOf(name), true, name == "solution" ? Certificate(found) : "as recorded");
    }

    private static string NameOf(string part) => part == "solution" ? "certificate" : part;

    private static string Certificate(JsonNode? solution)
    {
        string claim = solution?["certified"]?.GetValue<bool>() == true ? "proven optimal" : "not proven optimal";
        return $"primal {solution?["primal"]}, dual {solution?["dual"]}, gap {solution?["gap"]}, as recorded: {claim}";
    }

    private static IEnumerable<string> Differences(string path, JsonNode? recorded, JsonNode? found)
    {
        if (recorded is JsonObject left && found is JsonObject right)
        {
            return left.Select(pair => pair.Key)
                .Union(right.Select(pair => pair.Key))
                .SelectMany(key => Differences($"{path}.{key}", left[key], right[key]));
        }

        return JsonNode.DeepEquals(recorded, found) ? [] : [$"{path}: recorded {Text(recorded)}, found {Text(found)}"];
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "null";

    /// <summary>Compares the files of both selections by the hashes in their manifests.</summary>
    private static VerificationCheck CompareSelections(SelectionManifest recorded, SelectionManifest again)
    {
        Dictionary<string, string> hashes = again.Outputs.ToDictionary(output => output.Name, output => output.Sha256);
        string[] others =
        [
            .. recorded
                .Outputs.Where(output => hashes.GetValueOrDefault(output.Name) != output.Sha256)
                .Select(output => output.Name),
        ];
        if (others.Length == 0)
        {
            return recorded.Outputs.Count > 0
                ? new VerificationCheck(
                    "selection",
                    true,
                    $"made again: {string.Join(", ", recorded.Outputs.Select(output => output.Name))} are "
                        + $"the same bytes"
                )
                : new VerificationCheck(
                    "selection",
                    false,
                    "the manifest has no hashes of its outputs; it is from another version of tsds"
                );
        }

        HashSet<long> then = ChosenRows(recorded.Folder);
        HashSet<long> now = ChosenRows(again.Folder);
        long[] gone = [.. then.Except(now).Order()];
        long[] come = [.. now.Except(then).Order()];
        string rows =
            gone.Length + come.Length == 0
                ? "the same rows are chosen"
                : $"{gone.Length} rows are not chosen any more{First(gone)}, {come.Length} are chosen now{First(come)}";
        return new VerificationCheck("selection", false, $"made again: {string.Join(", ", others)} differ; {rows}");
    }

    private static string First(long[] rows) => rows.Length > 0 ? $" (the first is row {rows[0]})" : "";

    private static HashSet<long> ChosenRows(string folder) =>
        [.. LineageFile.ReadLineage(folder).Where(line => line.Count > 0).Select(line => line.Row)];
}
