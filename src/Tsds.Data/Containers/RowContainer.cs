using System.Text.RegularExpressions;
using Tsds.Data.Files;

namespace Tsds.Data.Containers;

/// <summary>The container of rows: the format of a file and its compression.</summary>
/// <param name="Format">How rows lie in it.</param>
/// <param name="Packing">How it is compressed.</param>
internal readonly partial record struct RowContainer(RowFormat Format, RowPacking Packing)
{
    /// <summary>The supported file name endings, for messages.</summary>
    public const string Endings =
        ".jsonl, .ndjson, .json, .csv, .tsv (each also .gz or .zst), .parquet, .arrow or .feather";

    /// <summary>The path that stands for standard input.</summary>
    public const string StandardInput = "-";

    private const int SampleBytes = 512;

    private static readonly (string Ending, RowFormat Format)[] Formats =
    [
        (".jsonl", RowFormat.JsonLines),
        (".ndjson", RowFormat.JsonLines),
        (".json", RowFormat.Json),
        (".csv", RowFormat.Csv),
        (".tsv", RowFormat.Tsv),
        (".parquet", RowFormat.Parquet),
        (".arrow", RowFormat.ArrowStream),
        (".feather", RowFormat.ArrowFile),
    ];

    // What datasets carry beside their rows, under a name that rows could have.
    private static readonly HashSet<string> Metadata = new(StringComparer.OrdinalIgnoreCase)
    {
        "config.json",
        "dataset_dict.json",
        "dataset_info.json",
        "dataset_infos.json",
        "generation_config.json",
        "state.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "special_tokens_map.json",
        "manifest.json",
    };

    /// <summary>
    /// Gets the name of the container, such as <c>jsonl.zst</c>, <c>parquet</c> or <c>arrow-stream</c>.
    /// </summary>
    public string Name
    {
        get
        {
            string format = Format switch
            {
                RowFormat.JsonLines => "jsonl",
                RowFormat.ArrowFile => "arrow-file",
                RowFormat.ArrowStream => "arrow-stream",
                _ => Format.ToString().ToLowerInvariant(),
            };
            return Packing switch
            {
                RowPacking.Gzip => format + ".gz",
                RowPacking.Zstandard => format + ".zst",
                _ => format,
            };
        }
    }

    /// <summary>
    /// Gets a value indicating whether the file is read from its first byte to its last, and not here and there.
    /// </summary>
    public bool IsSequential => Format is not (RowFormat.Parquet or RowFormat.ArrowFile);

    /// <summary>Determines whether a file name in a folder is that of a file of rows.</summary>
    /// <param name="path">The file; only its name is looked at.</param>
    /// <returns>
    /// True when it ends in one of <see cref="Endings"/>, and is not known as that of a file about a dataset.
    /// </returns>
    /// <remarks>
    /// Endings of compressions that are not read count too, so that such a file of a folder is named and not left out.
    /// </remarks>
    public static bool IsRowFile(string path) =>
        FormatOf(FileCauses.WithoutForeignPacking(path), out _) is not null
        && !Metadata.Contains(Path.GetFileName(path));

    /// <summary>
    /// Determines the container of a file from its first bytes, or from its name if these do not identify it.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="name">The name that it goes by.</param>
    /// <returns>The container.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">Neither the name nor the content says that these are rows.</exception>
    public static RowContainer Detect(string path, string name)
    {
        Span<byte> head = stackalloc byte[32];
        using (
            Stream file = FileSources.OpenRead(path, new FileStreamOptions { Share = FileShare.Read, BufferSize = 0 })
        )
        {
            head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }

        RowFormat? named = FormatOf(name, out RowPacking packing);
        if (FileCauses.Find(head, packing) is { } cause)
        {
            throw new InvalidDataException($"{name}: {cause}");
        }

        if (head.StartsWith("PAR1"u8))
        {
            return new RowContainer(RowFormat.Parquet, RowPacking.None);
        }

        if (head.StartsWith("ARROW1"u8))
        {
            return new RowContainer(RowFormat.ArrowFile, RowPacking.None);
        }

        if (named is RowFormat.Parquet or RowFormat.ArrowFile)
        {
            string magic = named is RowFormat.Parquet ? "PAR1" : "ARROW1";
            throw new InvalidDataException(
                $"{name}: expected a file that begins with {magic}, as its name says, found another or a "
                    + $"damaged one. Fetch or write it again."
            );
        }

        // A name may forget the compression, but where it promises one the decoder has the word.
        packing =
            head.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? RowPacking.Gzip
            : head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) ? RowPacking.Zstandard
            : packing;
        if (
            named is RowFormat.Csv or RowFormat.Tsv or RowFormat.Json
            || (named is RowFormat.ArrowStream && packing == RowPacking.None)
        )
        {
            return new RowContainer(named.Value, packing);
        }

        if (named is null && head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFF, 0xFF, 0xFF]))
        {
            return new RowContainer(RowFormat.ArrowStream, RowPacking.None);
        }

        return (FirstSign(path, name, packing), named) switch
        {
            // No row of JSON lines begins with a bracket; a file that does is an array under the wrong name.
            ('[', null or RowFormat.JsonLines) => new RowContainer(RowFormat.Json, packing),
            ('{', null) or (_, RowFormat.JsonLines) => new RowContainer(RowFormat.JsonLines, packing),
            _ => throw new InvalidDataException(
                name == StandardInput
                    ? "Standard input: expected JSON lines, a JSON array, Parquet or Arrow, found something "
                        + "else; a table of cells needs a name that says so."
                    : $"{name}: expected a name that ends in {Endings}."
            ),
        };
    }

    /// <summary>Returns a file name without folder, container ending and shard number.</summary>
    /// <param name="path">A file of rows.</param>
    /// <returns>The name that rows without a source of their own go by.</returns>
    public static string StemOf(string path)
    {
        string name = Path.GetFileName(path);
        ReadOnlySpan<char> stem = WithoutPacking(name, out _);
        foreach ((string ending, _) in Formats)
        {
            if (stem.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                return ShardNumber().Replace(stem[..^ending.Length].ToString(), string.Empty);
            }
        }

        return name;
    }

    private static RowFormat? FormatOf(string path, out RowPacking packing)
    {
        ReadOnlySpan<char> name = WithoutPacking(path, out packing);
        foreach ((string ending, RowFormat format) in Formats)
        {
            // What is compressed inside is not compressed once more, and could not be read here and there.
            bool isPackable = format is not (RowFormat.Parquet or RowFormat.ArrowFile or RowFormat.ArrowStream);
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase) && (isPackable || packing == RowPacking.None))
            {
                return format;
            }
        }

        return null;
    }

    private static ReadOnlySpan<char> WithoutPacking(ReadOnlySpan<char> path, out RowPacking packing)
    {
        packing =
            path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? RowPacking.Gzip
            : path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase) ? RowPacking.Zstandard
            : RowPacking.None;
        return packing switch
        {
            RowPacking.Gzip => path[..^".gz".Length],
            RowPacking.Zstandard => path[..^".zst".Length],
            _ => path,
        };
    }

    private static char FirstSign(string path, string name, RowPacking packing)
    {
        using var stream = new UnpackedStream(path, name, packing);
        byte[] sample = new byte[SampleBytes];
        int count = stream.ReadAtLeast(sample, sample.Length, throwOnEndOfStream: false);
        ReadOnlySpan<byte> text = sample.AsSpan(0, count);
        if (text.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            text = text[3..];
        }

        int first = text.IndexOfAnyExcept(" \t\r\n"u8);
        return first < 0 ? '\0' : (char)text[first];
    }

    [GeneratedRegex(@"-\d{5}-of-\d{5}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ShardNumber();
}
