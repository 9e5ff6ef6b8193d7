using System.Globalization;
using Tsds.Data.Files;

namespace Tsds.Data.Vectors;

/// <summary>Reads sources of embeddings as they are named on a command line.</summary>
internal static class VectorSourceSyntax
{
    /// <summary>
    /// Parses <c>file</c>, <c>file#tensor</c>, or <c>file:weight,file:weight</c>, each with or without <c>#tensor</c>.
    /// </summary>
    /// <param name="text">The text. One that is the name of an existing file means that file, whatever characters it
    /// has.</param>
    /// <returns>The source; its files are not looked at.</returns>
    /// <exception cref="ArgumentException">The text is empty, a weight is not a positive number, or some files have a
    /// weight and others not.</exception>
    public static VectorSource Parse(string text) => Parse(text, root: null);

    /// <summary>Reads a source whose files stand in a folder, and are called as they are written.</summary>
    /// <param name="text">The source, as <see cref="Parse(string)"/> reads it.</param>
    /// <param name="root">The folder from which relative paths start, or null for the current one.</param>
    internal static VectorSource Parse(string text, string? root)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (!Exists(text, root))
        {
            VectorFile[] pieces = [.. text.Split(',').Select(piece => ParseWeighted(piece, root))];
            if (pieces.Any(piece => piece.Weight is not null))
            {
                return new VectorSource(pieces);
            }
        }

        return new VectorSource([ParseFile(text, root)]);
    }

    private static VectorFile ParseWeighted(string text, string? root)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || Exists(text, root) || !TryParseWeight(text[(colon + 1)..], out double weight))
        {
            return ParseFile(text, root);
        }

        return weight > 0 && double.IsFinite(weight)
            ? ParseFile(text[..colon], root) with
            {
                Weight = weight,
            }
            : throw new ArgumentException(
                $"Expected a weight above 0 after the colon in '{text}', found '{text[(colon + 1)..]}'."
            );
    }

    private static bool TryParseWeight(string text, out double weight) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out weight);

    private static VectorFile ParseFile(string text, string? root)
    {
        int hash = text.LastIndexOf('#');
        VectorFile file =
            hash <= 0 || Exists(text, root)
                ? new VectorFile(text)
                : new VectorFile(text[..hash]) { Tensor = text[(hash + 1)..] };
        return root is null ? file : file with { Path = FileSources.Locate(root, file.Path), Label = file.Label };
    }

    private static bool Exists(string text, string? root) =>
        !FileSources.IsAddress(text) && File.Exists(root is null ? text : Path.Combine(root, text));
}
