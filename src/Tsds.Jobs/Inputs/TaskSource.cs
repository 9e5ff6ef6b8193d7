using System.Globalization;
using Tsds.Data.Files;

namespace Tsds.Jobs.Inputs;

/// <summary>A source of targets as it is written: <c>FILE</c>, <c>NAME=FILE</c> or <c>NAME=FILE:WEIGHT</c>.</summary>
/// <param name="Name">The task, or null if none is named.</param>
/// <param name="Source">The file, folder, glob or source of embeddings.</param>
/// <param name="Weight">The weight of the task, or null.</param>
internal sealed record TaskSource(string? Name, string Source, double? Weight)
{
    /// <summary>Parses a source of targets.</summary>
    /// <param name="text">The text. One that is the name of something that exists means that, whatever characters it
    /// has.</param>
    /// <param name="root">The folder from which relative paths start, or null for the current one.</param>
    /// <returns>
    /// The source. A weight is looked for only behind a name; behind files that are combined by weight it is one more
    /// number.
    /// </returns>
    /// <exception cref="ArgumentException">There is nothing behind the name, or the weight is not above 0.</exception>
    public static TaskSource Parse(string text, string? root = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || !text[..equals].All(IsNameLetter) || Exists(text, root))
        {
            return new TaskSource(null, text, null);
        }

        string name = text[..equals];
        string source = text[(equals + 1)..];
        if (source.Length == 0)
        {
            throw new ArgumentException(
                $"Expected a file behind '{text}', found none; write NAME=FILE or NAME=FILE:WEIGHT."
            );
        }

        if (Exists(source, root) || !TrySplitWeight(source, out string file, out double weight))
        {
            return new TaskSource(name, source, null);
        }

        bool isCombination = file.Contains(',', StringComparison.Ordinal);
        if (isCombination && !TrySplitWeight(file, out _, out _))
        {
            return new TaskSource(name, source, null);
        }

        return weight > 0 && double.IsFinite(weight)
            ? new TaskSource(name, file, weight)
            : throw new ArgumentException(
                $"Expected a weight above 0 at the end of '{text}', found '{source[(file.Length + 1)..]}'."
            );
    }

    public static bool IsNameLetter(char letter) => char.IsLetterOrDigit(letter) || letter is '_' or '-' or '.' or ' ';

    private static bool Exists(string path, string? root)
    {
        string located = FileSources.Locate(root, path);
        return !FileSources.IsAddress(located) && (File.Exists(located) || Directory.Exists(located));
    }

    private static bool TrySplitWeight(string text, out string rest, out double weight)
    {
        int colon = text.LastIndexOf(':');
        rest = colon > 0 ? text[..colon] : text;
        weight = 0;
        return colon > 0
            && double.TryParse(text.AsSpan(colon + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out weight);
    }
}
