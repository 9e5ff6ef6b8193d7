using System.Globalization;
using System.Text;
using Tsds.Data.Files;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Jobs.Explore;

/// <summary>Makes a selection of a changed plan: the one that <c>tsds select</c> makes, by the same code.</summary>
internal sealed class ChangedSelection(SelectionExplorer explorer)
{
    private readonly SelectionJobOptions _options = explorer.Context.Options;

    /// <summary>Returns the specification of a plan, after writing the files that name its rows.</summary>
    /// <param name="plan">The plan.</param>
    /// <exception cref="InvalidOperationException">The plan leaves out targets whose embeddings are combined of several
    /// files.</exception>
    public SelectionSpec Specify(ExploredPlan plan)
    {
        PlanRequest request = plan.Request;
        if (!plan.CanSave)
        {
            throw new InvalidOperationException(
                "Expected targets with embeddings of one file each, found several that are combined, of which none can "
                    + "be left out here; take them out of the files of targets, and select again."
            );
        }

        SelectionSpec spec = explorer.Change(request);
        spec = explorer.Changes.ChangeTargets(spec, request);
        spec =
            request.Exclude.Count > 0
                ? spec with
                {
                    ExcludeRows = explorer.Changes.WriteNumbers(plan.Inputs.Withheld.Excluded),
                }
                : spec;
        spec =
            request.Keep.Count > 0
                ? spec with
                {
                    KeepRows = explorer.Changes.WriteNumbers(plan.Inputs.Withheld.Kept),
                }
                : spec;
        return spec with
        {
            Origin = new SelectionOrigin(
                explorer.Changes.NameOf(explorer.Manifest.Folder),
                FileHash.Of(Path.Combine(explorer.Manifest.Folder, SelectionFiles.Manifest)),
                [.. ChangesOf(explorer.Change(new PlanRequest()), spec, request)]
            ),
        };
    }

    /// <summary>Returns the folder of a name, beside that of the selection.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="ArgumentException">It is not the name of a folder.</exception>
    public string FolderOf(string name)
    {
        bool isName =
            name.Length is > 0 and <= 200
            && name.Trim() == name
            && name is not ("." or "..")
            && name.IndexOfAny(['/', '\\', ':', '\0']) < 0
            && name.IndexOfAny(Path.GetInvalidFileNameChars()) < 0;
        return isName
            ? Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(explorer.Manifest.Folder))!, name)
            : throw new ArgumentException(
                "Expected the name of a new folder beside the selection, found something else."
            );
    }

    /// <summary>Makes the selection of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="folder">The folder, which must be empty or not be there.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="IOException">The folder holds files, or an input cannot be read.</exception>
    public Task<SelectionSummary> SaveAsync(
        ExploredPlan plan,
        string folder,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new IOException(
                $"Expected the name of a new folder, found {Path.GetFileName(folder)}, which is there already and "
                    + "stays as it is; choose another name."
            );
        }

        return SelectionJob.RunAsync(
            _options with
            {
                Spec = Specify(plan),
                Output = folder,
            },
            progress,
            cancellationToken
        );
    }

    /// <summary>Returns the command line that makes the selection of a specification.</summary>
    /// <param name="spec">The specification.</param>
    /// <param name="folder">The folder.</param>
    public string CommandOf(SelectionSpec spec, string folder)
    {
        StringBuilder command = new("tsds select");
        foreach ((string name, IReadOnlyList<string> values) in SpecJson.ToOptions(spec))
        {
            command.Append(" --").Append(name);
            if (values is not ["true"])
            {
                foreach (string value in values)
                {
                    command.Append(' ').Append(Quote(value));
                }
            }
        }

        return command.Append(" --out ").Append(Quote(explorer.Changes.NameOf(folder))).ToString();
    }

    /// <summary>Returns the command line that verifies a selection.</summary>
    /// <param name="folder">Its folder.</param>
    public string VerifyOf(string folder) =>
        $"tsds verify {Quote(explorer.Changes.NameOf(folder))}"
        + (_options.Root is { } root ? $" --root {Quote(root)}" : "");

    /// <summary>Quotes a word for a POSIX shell where it needs it.</summary>
    internal static string Quote(string word) =>
        word.Length > 0 && word.All(letter => char.IsAsciiLetterOrDigit(letter) || "-_./:=,+@".Contains(letter))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static IEnumerable<string> ChangesOf(SelectionSpec before, SelectionSpec after, PlanRequest request)
    {
        Dictionary<string, string> earlier = SpecJson
            .ToOptions(before)
            .ToDictionary(option => option.Name, option => string.Join(' ', option.Values), StringComparer.Ordinal);
        HashSet<string> named = ["exclude-rows", "keep-rows", "target", "target-vectors"];
        HashSet<string> seen = [];
        foreach ((string name, IReadOnlyList<string> values) in SpecJson.ToOptions(after))
        {
            seen.Add(name);
            string value = string.Join(' ', values);
            if (!named.Contains(name) && earlier.GetValueOrDefault(name) != value)
            {
                yield return $"{name} {value}";
            }
        }

        foreach (string name in earlier.Keys.Where(name => !seen.Contains(name) && !named.Contains(name)))
        {
            yield return $"{name} as by default";
        }

        foreach (
            (int count, string what) in new[]
            {
                (request.Exclude.Count, "left out"),
                (request.Keep.Count, "kept"),
                (request.Targets.Count, "made targets"),
            }
        )
        {
            if (count > 0)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{count} rows {what}");
            }
        }

        if (request.WithoutTargets.Count > 0)
        {
            string numbers = string.Join(
                ", ",
                request.WithoutTargets.Distinct().Order().Select(target => $"#{target}")
            );
            yield return $"targets left out: {numbers}";
        }
    }
}
