using System.IO.Enumeration;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Tsds.Cli.Agents;

/// <summary>The folders that an agent may name files in; symbolic links are followed before a path is judged.</summary>
internal sealed partial class AllowedFolders
{
    private const int MostLinks = 40;

    private readonly IReadOnlyList<string> _roots;

    /// <summary>Initializes the folders; relative paths start in the first.</summary>
    /// <param name="folders">The folders, which exist.</param>
    /// <exception cref="DirectoryNotFoundException">One does not exist.</exception>
    public AllowedFolders(IEnumerable<string> folders)
    {
        _roots =
        [
            .. folders.Select(folder =>
                Directory.Exists(folder)
                    ? Real(Path.GetFullPath(folder))
                    : throw new DirectoryNotFoundException($"Expected a folder, found none called '{folder}'.")
            ),
        ];
    }

    /// <summary>Returns the full path without links that a path means, which may not exist yet.</summary>
    /// <exception cref="UnauthorizedAccessException">It lies outside, or something in that folder does.</exception>
    public string Resolve(string path)
    {
        string real = Real(Path.GetFullPath(path, _roots[0]));
        Confine(real, path);
        if (Directory.Exists(real))
        {
            foreach (FileSystemInfo entry in Entries(real).Where(entry => entry.LinkTarget is not null))
            {
                Confine(Real(entry.FullName), entry.FullName);
            }
        }

        return real;
    }

    /// <summary>
    /// Throws unless all files that a selection's manifest names are in allowed folders: anybody may have written it.
    /// </summary>
    /// <param name="selection">The folder of the selection, resolved.</param>
    /// <exception cref="UnauthorizedAccessException">One lies outside.</exception>
    public void CheckInputs(string selection)
    {
        string manifest = Directory.Exists(selection) ? Path.Combine(selection, "manifest.json") : selection;
        if (!File.Exists(manifest) || JsonNode.Parse(File.ReadAllText(manifest)) is not JsonObject content)
        {
            return;
        }

        JsonNode?[] places = [content["spec"], content["inputs"], content["run"]?["configuration"]];
        foreach (string text in places.SelectMany(Texts))
        {
            // As it is, without the name of a task and a weight, and each file of several that are combined.
            string[] forms = [text, .. text.Split(',').SelectMany(part => new[] { part, Named().Replace(part, "") })];
            foreach (string form in forms.Select(form => Weight().Replace(form, "")).Where(form => form.Length > 0))
            {
                if (form.Contains("://", StringComparison.Ordinal))
                {
                    throw new UnauthorizedAccessException(
                        $"The selection was made from '{form}', which is on another machine."
                    );
                }

                if (form.Contains('/', StringComparison.Ordinal) || form.Contains('\\', StringComparison.Ordinal))
                {
                    Confine(Real(Path.GetFullPath(form, _roots[0])), form);
                }
            }
        }
    }

    private static IEnumerable<string> Texts(JsonNode? node) =>
        node switch
        {
            JsonObject map => map.SelectMany(entry => Texts(entry.Value)),
            JsonArray list => list.SelectMany(Texts),
            JsonValue value when value.TryGetValue(out string? text) => [text],
            _ => [],
        };

    // Links are entries and are not entered: what they lead to is judged, and may lead back.
    private static FileSystemEnumerable<FileSystemInfo> Entries(string folder) =>
        new(
            folder,
            static (ref FileSystemEntry entry) => entry.ToFileSystemInfo(),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }
        )
        {
            ShouldRecursePredicate = static (ref FileSystemEntry entry) =>
                (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };

    private void Confine(string real, string given)
    {
        if (
            !_roots.Any(root =>
                real == root || real.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            )
        )
        {
            throw new UnauthorizedAccessException(
                $"Expected a path in {string.Join(" or ", _roots)}, found '{given}', which leads elsewhere."
            );
        }
    }

    // Step by step, because a link may stand anywhere in a path; what does not exist yet is taken as it is.
    private static string Real(string path)
    {
        string root = Path.GetPathRoot(path)!;
        Stack<string> steps = new(Split(path, root).Reverse());
        string real = root;
        int links = 0;
        while (steps.TryPop(out string? step))
        {
            string next = Path.Combine(real, step);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new UnauthorizedAccessException($"Expected a path, found links in a circle at '{path}'.");
            }

            string full = Path.GetFullPath(target, real);
            real = root;
            foreach (string above in Split(full, root).Reverse())
            {
                steps.Push(above);
            }
        }

        return real;
    }

    private static string[] Split(string path, string root) =>
        path[root.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("^[^=/]*=")]
    private static partial Regex Named();

    [GeneratedRegex("(#.*|:[0-9.eE+-]+)$")]
    private static partial Regex Weight();
}
