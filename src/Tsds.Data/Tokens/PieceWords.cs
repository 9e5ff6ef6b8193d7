using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Tsds.Data.Tokens;

/// <summary>
/// The steps before a text is cut into the pieces of a SentencePiece model: normalization, and words that begin with a
/// mark in place of their space.
/// </summary>
internal sealed class PieceWords
{
    private readonly List<Func<string, string>> _normalizers = [];
    private readonly List<Func<IEnumerable<string>, IEnumerable<string>>> _splits = [];

    private PieceWords() { }

    /// <summary>Reads the normalizer and the pre_tokenizer of a tokenizer.json.</summary>
    /// <param name="root">The file.</param>
    /// <param name="refuse">Returns the error for what was expected and what was found.</param>
    public static PieceWords Read(JsonElement? root, Func<string, string, Exception> refuse)
    {
        PieceWords words = new();
        words._normalizers.AddRange(Steps(root.Member("normalizer"), "normalizers").Select(s => Normalizer(s, refuse)));
        words._splits.AddRange(Steps(root.Member("pre_tokenizer"), "pretokenizers").Select(s => Split(s, refuse)));
        return words;
    }

    /// <summary>Returns the words of a text.</summary>
    public IEnumerable<string> Of(string text)
    {
        string normalized = _normalizers.Aggregate(text, (current, apply) => apply(current));
        return _splits
            .Aggregate((IEnumerable<string>)[normalized], (current, split) => split(current))
            .Where(word => word.Length > 0);
    }

    private static IEnumerable<JsonElement?> Steps(JsonElement? member, string name) =>
        member is null ? []
        : member.Text("type") == "Sequence" ? member.Items(name).SelectMany(step => Steps(step, name))
        : [member];

    private static Func<string, string> Normalizer(JsonElement? step, Func<string, string, Exception> refuse)
    {
        switch (step.Text("type"))
        {
            case "Precompiled":
                CharacterMap map = CharacterMap.Read(Convert.FromBase64String(step.Text("precompiled_charsmap") ?? ""));
                return map.Apply;
            case "Replace":
                string content = step.Text("content") ?? "";
                Regex pattern = PatternOf(step, refuse);
                return text => pattern.Replace(text, _ => content);
            case "Prepend":
                string mark = step.Text("prepend") ?? "";
                return text => text.Length == 0 ? text : mark + text;
            case "Strip":
                bool left = step.Flag("strip_left") ?? true;
                bool right = step.Flag("strip_right") ?? true;
                return text =>
                    left && right ? text.Trim()
                    : left ? text.TrimStart()
                    : right ? text.TrimEnd()
                    : text;
            case "Lowercase":
                return text => text.ToLowerInvariant();
            case "NFC":
                // Texts are composed as they are written, nearly always.
                return text => text;
            case { } other:
                throw refuse("a normalizer of Precompiled, Replace, Prepend, Strip, Lowercase and NFC", other);
            default:
                throw refuse("a normalizer with a type", "one without");
        }
    }

    private static Func<IEnumerable<string>, IEnumerable<string>> Split(
        JsonElement? step,
        Func<string, string, Exception> refuse
    )
    {
        switch (step.Text("type"))
        {
            case "WhitespaceSplit":
                return words =>
                    words.SelectMany(word => word.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            case "Metaspace":
                return Metaspace(step, refuse);
            case "Split" when step.Text("behavior") == "MergedWithPrevious" && step.Flag("invert") != true:
                Regex pattern = PatternOf(step, refuse);
                return words => words.SelectMany(word => CutBehind(word, pattern));
            case { } other:
                throw refuse("a pre_tokenizer of WhitespaceSplit, Metaspace and Split MergedWithPrevious", other);
            default:
                throw refuse("a pre_tokenizer with a type", "one without");
        }
    }

    private static Func<IEnumerable<string>, IEnumerable<string>> Metaspace(
        JsonElement? step,
        Func<string, string, Exception> refuse
    )
    {
        string mark = step.Text("replacement") ?? "▁";
        string scheme = step.Text("prepend_scheme") ?? (step.Flag("add_prefix_space") == false ? "never" : "always");
        if (mark.Length != 1 || scheme is not ("always" or "first" or "never"))
        {
            throw refuse(
                "a Metaspace with a replacement of one character and a prepend_scheme always, first or never",
                $"'{mark}' and {scheme}"
            );
        }

        bool splits = step.Flag("split") ?? true;
        return words =>
            words
                .Select(
                    (word, i) =>
                    {
                        string marked = word.Replace(' ', mark[0]);
                        bool isPrepended = scheme == "always" || (scheme == "first" && i == 0);
                        return isPrepended && marked.Length > 0 && marked[0] != mark[0] ? mark + marked : marked;
                    }
                )
                .SelectMany(word => splits ? CutBefore(word, mark[0]) : [word]);
    }

    private static IEnumerable<string> CutBefore(string word, char mark)
    {
        int start = 0;
        while (start < word.Length)
        {
            int next = word.IndexOf(mark, start + 1);
            int end = next < 0 ? word.Length : next;
            yield return word[start..end];
            start = end;
        }
    }

    private static IEnumerable<string> CutBehind(string word, Regex pattern)
    {
        int start = 0;
        foreach (Match match in pattern.Matches(word))
        {
            yield return word[start..(match.Index + match.Length)];
            start = match.Index + match.Length;
        }

        yield return word[start..];
    }

    private static Regex PatternOf(JsonElement? step, Func<string, string, Exception> refuse)
    {
        JsonElement? pattern = step.Member("pattern");
        string? expression = pattern.Text("Regex") ?? (pattern.Text("String") is { } text ? Regex.Escape(text) : null);
        return expression is null
            ? throw refuse(
                "a pattern of a String or a Regex",
                string.Create(CultureInfo.InvariantCulture, $"{pattern}")
            )
            : new Regex(expression, RegexOptions.CultureInvariant);
    }
}
