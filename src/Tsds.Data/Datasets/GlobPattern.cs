using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Tsds.Data.Datasets;

/// <summary>
/// A path with wildcards: <c>*</c> and <c>?</c> within a name, <c>[a-c]</c>, and <c>**</c> for any number of folders.
/// </summary>
internal sealed class GlobPattern
{
    private readonly Regex _names;

    /// <summary>Initializes a new instance of the <see cref="GlobPattern"/> class.</summary>
    /// <param name="pattern">The path.</param>
    public GlobPattern(string pattern)
    {
        string[] parts = Normalize(pattern).Split('/');
        int first = Array.FindIndex(parts, HasWildcard);
        Root = string.Join('/', parts[..first]);
        if (first == 1 && parts[0].Length == 0)
        {
            Root = "/";
        }

        IsDeep = parts.Length - first > 1 || parts[^1] == "**";
        IncludesHidden = parts[first..].Any(part => part.StartsWith('.'));
        _names = new Regex(ToRegex(parts[first..]), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
    }

    /// <summary>Gets the folder that all matches are in; empty for the current one.</summary>
    public string Root { get; }

    /// <summary>Gets a value indicating whether matches may be in folders below <see cref="Root"/>.</summary>
    public bool IsDeep { get; }

    /// <summary>Gets a value indicating whether the pattern matches hidden names, whose dot it then contains.</summary>
    public bool IncludesHidden { get; }

    /// <summary>Determines whether a path contains wildcards.</summary>
    /// <param name="path">The path.</param>
    /// <returns>True when one of its names has.</returns>
    public static bool HasWildcard(string path) => path.AsSpan().ContainsAny('*', '?', '[');

    /// <summary>Returns a path with forward slashes.</summary>
    /// <param name="path">A path of this platform.</param>
    /// <returns>The path; on a platform where a backslash is part of a name, unchanged.</returns>
    public static string Normalize(string path) => Path.DirectorySeparatorChar == '\\' ? path.Replace('\\', '/') : path;

    /// <summary>Determines whether a file matches the pattern.</summary>
    /// <param name="relativePath">Its path from <see cref="Root"/>, with slashes.</param>
    /// <returns>True when it does.</returns>
    public bool IsMatch(string relativePath) => _names.IsMatch(relativePath);

    private static string ToRegex(string[] parts)
    {
        var regex = new StringBuilder("^");
        for (int i = 0; i < parts.Length; i++)
        {
            bool isLast = i == parts.Length - 1;
            if (parts[i] == "**")
            {
                regex.Append(isLast ? ".*" : "(?:[^/]+/)*");
                continue;
            }

            AppendName(regex, parts[i]);
            regex.Append(isLast ? string.Empty : "/");
        }

        return regex.Append("\\z").ToString();
    }

    private static void AppendName(StringBuilder regex, string name)
    {
        for (int i = 0; i < name.Length; i++)
        {
            // A bracket right after the opening one is a member of the set, as in a shell.
            int close = name[i] == '[' && i + 2 < name.Length ? name.IndexOf(']', i + 2) : -1;
            if (close > 0)
            {
                AppendSet(regex, name[(i + 1)..close]);
                i = close;
            }
            else
            {
                regex.Append(
                    name[i] switch
                    {
                        '*' => "[^/]*",
                        '?' => "[^/]",
                        _ => Regex.Escape(name[i].ToString()),
                    }
                );
            }
        }
    }

    private static void AppendSet(StringBuilder regex, string members)
    {
        bool isNegated = members[0] is '!' or '^';
        int first = isNegated ? 1 : 0;

        // A negated set must not match a slash, which ends the name; and a set must not be empty, which is no regex: no
        // name has a NUL in it.
        regex.Append(isNegated ? "[^/" : "[\\0");

        for (int i = first; i < members.Length; i++)
        {
            char last = i + 2 < members.Length && members[i + 1] == '-' ? members[i + 2] : members[i];
            if (last >= members[i])
            {
                AppendMember(regex, members[i]);
                regex.Append('-');
                AppendMember(regex, last);
            }

            // A range written backwards holds nothing.
            i += i + 2 < members.Length && members[i + 1] == '-' ? 2 : 0;
        }

        regex.Append(']');
    }

    private static void AppendMember(StringBuilder regex, char member) =>
        regex.Append("\\u").Append(((int)member).ToString("X4", CultureInfo.InvariantCulture));
}
