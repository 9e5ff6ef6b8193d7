using System.Globalization;

namespace Tsds.Data.Embedding;

/// <summary>One of the embedders that are joined, with its share.</summary>
/// <param name="Name">Its own name.</param>
/// <param name="Share">Its share of a squared distance; the shares of all parts add up to 1.</param>
internal sealed record EmbedderPart(string Name, double Share)
{
    public const string Lexical = "lexical";
    public const string Static = "static";

    private const string OnnxStart = "onnx:";
    private const string Int8Start = "int8-";
    private const string OpenAIStart = "openai:";

    /// <summary>Gets the names of embedders that a user can give, for messages.</summary>
    public static string Names =>
        $"{Lexical}, {Static}, {string.Join(", ", PackagedModel.All.Select(model => model.Name))}, onnx:DIR, "
        + $"{Int8Start} before one of these models, or openai:URL#MODEL";

    public bool IsLexical => Name == Lexical;

    public bool IsStatic => Name == Static;

    /// <summary>Gets a value indicating whether the embedder is fitted to a pool.</summary>
    public bool IsFitted => IsLexical || IsStatic;

    /// <summary>
    /// Gets a value indicating whether the products of a model with its weights are of 8-bit integers.
    /// </summary>
    public bool UsesInt8 => StartsWith(Name, Int8Start);

    /// <summary>Gets the model that travels in a package, or null.</summary>
    public PackagedModel? Packaged => PackagedModel.Find(ModelName);

    /// <summary>Gets the folder of an ONNX model, or null.</summary>
    public string? OnnxFolder => StartsWith(ModelName, OnnxStart) ? ModelName[OnnxStart.Length..] : null;

    /// <summary>Gets the service that texts are sent to, or null.</summary>
    public (Uri Url, string Model)? Service
    {
        get
        {
            int end = Name.IndexOf('#', StringComparison.Ordinal);
            return
                StartsWith(Name, OpenAIStart)
                && end >= 0
                && end < Name.Length - 1
                && Uri.TryCreate(Name[OpenAIStart.Length..end], UriKind.Absolute, out Uri? url)
                && url.Scheme is ("http" or "https")
                ? (url, Name[(end + 1)..])
                : null;
        }
    }

    /// <summary>Parses names joined by '+', each with an optional whole percentage before it.</summary>
    /// <returns>Null if the text names no embedder.</returns>
    public static IReadOnlyList<EmbedderPart>? TryParse(string text)
    {
        List<(string Name, int? Percent)> read = [];
        for (string? rest = text; rest is not null; )
        {
            int sign = rest.IndexOf('%', StringComparison.Ordinal);
            int? percent = null;
            if (sign is 1 or 2 && !rest.AsSpan(0, sign).ContainsAnyExceptInRange('0', '9'))
            {
                percent = int.Parse(rest.AsSpan(0, sign), CultureInfo.InvariantCulture);
                rest = rest[(sign + 1)..];
            }

            // A folder or an address may hold a '+', and so is the last.
            int plus = rest.AsSpan().IndexOfAny('+', ':');
            bool hasMore = plus >= 0 && rest[plus] == '+';
            read.Add((hasMore ? rest[..plus] : rest, percent));
            rest = hasMore ? rest[(plus + 1)..] : null;
        }

        int stated = read.Sum(part => part.Percent ?? 0);
        int open = read.Count(part => part.Percent is null);
        bool isWhole = open == 0 ? stated == 100 : stated < 100;
        bool isKnown = read.TrueForAll(part => part.Percent != 0 && new EmbedderPart(part.Name, 1).IsKnown);
        return isKnown && (isWhole || read is [(_, null)]) && read.DistinctBy(part => part.Name).Count() == read.Count
            ?
            [
                .. read.Select(part => new EmbedderPart(
                    part.Name,
                    part.Percent is { } percent ? percent / 100.0 : (100.0 - stated) / 100 / open
                )),
            ]
            : null;
    }

    private string ModelName => UsesInt8 ? Name[Int8Start.Length..] : Name;

    private bool IsKnown => IsFitted || Packaged is not null || OnnxFolder is { Length: > 0 } || Service is not null;

    private static bool StartsWith(string name, string start) => name.StartsWith(start, StringComparison.Ordinal);
}
