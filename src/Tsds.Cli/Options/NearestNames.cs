namespace Tsds.Cli.Options;

/// <summary>Finds known names that a mistyped one may stand for.</summary>
internal static class NearestNames
{
    private const int MaxEdits = 3;
    private const int MaxNames = 3;

    /// <summary>Returns a hint with the nearest known names.</summary>
    /// <param name="name">What was typed.</param>
    /// <param name="known">The names that exist.</param>
    /// <returns>" Did you mean 'a' or 'b'?", or an empty string when nothing is near.</returns>
    public static string Hint(string name, IReadOnlyList<string> known)
    {
        string typed = name.ToLowerInvariant().Replace('_', '-');
        int limit = Math.Clamp(typed.Length / 2, 1, MaxEdits);
        var near = known
            .Select(candidate => (Name: candidate, Edits: Distance(typed, candidate)))
            .Where(pair => pair.Edits <= limit || IsPart(typed, pair.Name))
            .OrderBy(pair => pair.Edits)
            .ThenBy(pair => pair.Name, StringComparer.Ordinal)
            .ToList();
        if (near.Count == 0)
        {
            return "";
        }

        // One clear winner is better advice than a list.
        IEnumerable<string> best = near.TakeWhile(pair => pair.Edits == near[0].Edits)
            .Take(MaxNames)
            .Select(pair => $"'{pair.Name}'");
        return $" Did you mean {string.Join(" or ", best)}?";
    }

    private static bool IsPart(string typed, string name)
    {
        string bare = typed.TrimStart('-');
        return bare.Length >= 4 && name.Contains(bare, StringComparison.Ordinal);
    }

    /// <summary>Returns the Levenshtein distance: insertions, deletions and substitutions, one edit each.</summary>
    private static int Distance(string x, string y)
    {
        int[] previous = [.. Enumerable.Range(0, y.Length + 1)];
        int[] current = new int[y.Length + 1];
        for (int i = 1; i <= x.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= y.Length; j++)
            {
                int substitution = previous[j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, 1 + Math.Min(previous[j], current[j - 1]));
            }

            (previous, current) = (current, previous);
        }

        return previous[y.Length];
    }
}
