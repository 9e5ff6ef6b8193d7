using System.Numerics;

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
    /// <returns>The user's text field if any of the first 100 rows has it; else the most frequent schema among them, each row
    /// counting for the first that fits in the order of <see cref="RowSchema"/>, and ties going the same way; null when there is
    /// no row that can be read.</returns>
    /// <exception cref="InvalidDataException">The rows fit no schema, or hold only token ids.</exception>
    public static RowSchema? Detect(
        string path, RowParser parser, RowReaderOptions options, int maxLineBytes, CancellationToken cancellationToken)
    {
        using var file = new RowFile(path);
        var lines = new LineReader(file, maxLineBytes);
        int[] counts = new int[RowSchemas.Count];
        int rows = 0;
        string? unknown = null;
        while (rows < SampleRows && lines.TryRead(out ReadOnlyMemory<byte> line, out bool isTooLong))
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadOnlySpan<byte> row = line.Span;
            if (!isTooLong && RowPass.IsBlank(row))
            {
                continue;
            }

            rows++;
            if (isTooLong || !parser.TryScan(row))
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

        int best = counts[(int)RowSchema.TextField] > 0 ? (int)RowSchema.TextField : Array.IndexOf(counts, counts.Max());
        if (counts[best] == 0)
        {
            return unknown is null ? null : throw Unrecognized(path, options, unknown);
        }

        return (RowSchema)best != RowSchema.Pretokenized
            ? (RowSchema)best
            : throw new InvalidDataException(
                $"{path}: expected rows with text, found rows with token ids (input_ids) only; there is no text to embed. "
                + "Bring the embeddings as vectors, or the rows as they were before tokenization.");
    }

    private static InvalidDataException Unrecognized(string path, RowReaderOptions options, string fields)
    {
        string known = "chatml, sharegpt, preference, alpaca, prompt-completion, query-response or text";
        string expected = options.TextField is null ? known : $"the field {options.TextField}, or {known}";
        return new InvalidDataException(
            $"{path}: expected rows of a known schema ({expected}), found the fields {fields}. "
            + "Name the field that holds the text with --text-field NAME.");
    }
}
