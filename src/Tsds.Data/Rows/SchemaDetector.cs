using System.Numerics;
using Tsds.Data.Containers;

namespace Tsds.Data.Rows;

/// <summary>Recognizes the schema of a file from its first rows.</summary>
internal static class SchemaDetector
{
    private const int SampleRows = 100;

    /// <summary>Recognizes the schema of a file.</summary>
    /// <param name="path">The file; its beginning is read and nothing is kept.</param>
    /// <param name="parser">Takes the rows apart.</param>
    /// <param name="options">How rows are read.</param>
    /// <param name="maxLineBytes">The longest line that is a row.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>
    /// The schema that the user asked for; else the user's text field if any of the first 100 rows has it; else the
    /// most frequent schema among them, each row counting for the first that fits in the order of
    /// <see cref="RowSchema"/>, and ties going the same way; null when there is no row that can be read.
    /// </returns>
    /// <exception cref="InvalidDataException">The rows fit no schema, or hold only token ids.</exception>
    public static RowSchema? Detect(
        string path,
        RowParser parser,
        RowReaderOptions options,
        int maxLineBytes,
        CancellationToken cancellationToken
    )
    {
        if (options.Schema is { } schema)
        {
            return Check(RowSchemas.Parse(schema)!.Value, path, options);
        }

        using var file = new RowFile(options.Locate(path), path, maxLineBytes, options.CellQuotes);
        int[] counts = new int[RowSchemas.Count];
        int rows = 0;
        string? unknown = null;
        while (rows < SampleRows && file.TryRead(out ReadOnlyMemory<byte> line, out string? problem))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> row = line.Span;
            if (problem is null && RowPass.IsBlank(row))
            {
                continue;
            }

            rows++;
            if (problem is not null || !parser.TryScan(row))
            {
                continue;
            }

            uint schemas = parser.FindSchemas(row);
            if (schemas == 0)
            {
                unknown ??= FieldTable.Describe(row);
            }
            else
            {
                counts[BitOperations.TrailingZeroCount(schemas)]++;
            }
        }

        int best =
            counts[(int)RowSchema.TextField] > 0 ? (int)RowSchema.TextField : Array.IndexOf(counts, counts.Max());
        if (counts[best] == 0)
        {
            return unknown is null ? null : throw Unrecognized(path, options, unknown);
        }

        return Check((RowSchema)best, path, options);
    }

    private static RowSchema Check(RowSchema schema, string path, RowReaderOptions options) =>
        schema != RowSchema.Pretokenized || !options.NeedsText || options.TakesTokenIds
            ? schema
            : throw new InvalidDataException(
                $"{path}: expected rows with text, found rows with token ids (input_ids) only; there is no "
                    + $"text to embed. "
                    + "Bring the embeddings as vectors, or the rows as they were before tokenization."
            );

    private static InvalidDataException Unrecognized(string path, RowReaderOptions options, string fields)
    {
        const string known = "chatml, sharegpt, preference, alpaca, prompt-completion, query-response or text";
        string expected = options.TextField is null ? known : $"the field {options.TextField}, or {known}";
        return new InvalidDataException(
            $"{path}: expected rows of a known schema ({expected}), found the fields {fields}. "
                + "Name the field that holds the text with --text-field NAME."
        );
    }
}
