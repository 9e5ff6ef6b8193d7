using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Tsds.Data.Containers;
using Tsds.Data.Tokens;

namespace Tsds.Data.Rows;

/// <summary>
/// Parses rows: fields, schema, turns, text, identifier and source. The instance is reused from row to row.
/// </summary>
/// <remarks>
/// Methods are called in this order for each row: <see cref="TryScan"/>, then <see cref="TryReadText"/> or the readers
/// of identifier and source. A method that returns false leaves the reason in <see cref="Problem"/>.
/// </remarks>
internal sealed class RowParser
{
    private const string BrokenEscape = "expected whole characters, found half of a surrogate pair in an escape";

    // Sources repeat from row to row; beyond so many different ones they are identifiers in disguise, and not kept.
    private const int MaxKnownSources = 4096;

    private readonly FieldTable _fields = new();
    private readonly RowText _text = new();
    private readonly SchemaReader _schemas;
    private readonly string? _textField;
    private readonly RowSchema? _wanted;
    private readonly bool _needsText;
    private readonly bool _takesTokenIds;
    private readonly TemplateRenderer? _renderer;
    private readonly Func<string, long>? _countTokens;
    private readonly CharBuffer _scratch = new();
    private readonly HashSet<string> _sources = [];
    private readonly int _id;
    private readonly int _source;
    private readonly int _dataset;
    private readonly int _inputIds;
    private readonly int _labels;

    /// <summary>Initializes a new instance of the <see cref="RowParser"/> class.</summary>
    /// <param name="options">How rows are read.</param>
    public RowParser(RowReaderOptions options)
    {
        _textField = options.TextField;
        _wanted = options.Schema is null ? null : RowSchemas.Parse(options.Schema);
        _needsText = options.NeedsText;
        _takesTokenIds = options.TakesTokenIds;
        _countTokens = options.CountTokens;
        _schemas = new SchemaReader(_fields, _text, _textField, _wanted);
        _id = _fields.Add("id");
        _source = _fields.Add("source");
        _dataset = _fields.Add("dataset");
        _inputIds = _fields.Add("input_ids");
        _labels = _fields.Add("labels");
        _renderer = options.Template is null
            ? null
            : new TemplateRenderer(RowTemplate.Parse(options.Template), _fields);
    }

    /// <summary>
    /// Gets a description of the problem, expected and found, for the last method that returned false.
    /// </summary>
    public string Problem { get; private set; } = string.Empty;

    /// <summary>Scans a row to its end and finds its fields.</summary>
    /// <param name="row">The row.</param>
    /// <returns>False when it is not one JSON object in valid UTF-8.</returns>
    public bool TryScan(ReadOnlySpan<byte> row)
    {
        if (!Utf8.IsValid(row))
        {
            return Fail("expected UTF-8, found bytes that are not");
        }

        try
        {
            return _fields.TryScan(row, out JsonTokenType found)
                || Fail($"expected a JSON object, found {FieldTable.NameOf(found)}");
        }
        catch (JsonException e)
        {
            return Fail(Describe(e, row));
        }
        catch (InvalidOperationException)
        {
            return Fail(BrokenEscape);
        }
    }

    /// <summary>Returns the schemas whose fields the scanned row has.</summary>
    /// <param name="row">The row.</param>
    /// <returns>One bit per <see cref="RowSchema"/>.</returns>
    public uint FindSchemas(ReadOnlySpan<byte> row)
    {
        try
        {
            return _schemas.FindSchemas(row);
        }
        catch (InvalidOperationException)
        {
            // A name that is looked at only now has half of a surrogate pair.
            return 0;
        }
    }

    /// <summary>Determines the schema of the scanned row by itself, whatever its file holds.</summary>
    /// <param name="row">The row.</param>
    /// <param name="schema">The schema that the user named, else the first that the row fits.</param>
    /// <param name="list">The name of its list of turns, where the schema has one.</param>
    /// <returns>False when the row fits none.</returns>
    public bool TryFindSchema(ReadOnlySpan<byte> row, out RowSchema schema, out string list)
    {
        uint schemas = FindSchemas(row);
        schema = (RowSchema)BitOperations.TrailingZeroCount(schemas);
        list = string.Empty;
        if (schemas == 0)
        {
            return Fail($"expected a row of a known schema ({RowSchemas.Names}), found {FieldTable.Describe(row)}");
        }

        if (_wanted is { } wanted && (schemas & SchemaReader.BitOf(wanted)) != 0)
        {
            schema = wanted;
        }

        list = schema is RowSchema.ChatMl or RowSchema.ShareGpt ? _schemas.ListOf(schema) : string.Empty;
        return true;
    }

    /// <summary>Determines the schema of the scanned row and reads its text.</summary>
    /// <param name="row">The row.</param>
    /// <param name="expected">The schema of the row's file; null when the file has none.</param>
    /// <param name="schema">The schema of the row.</param>
    /// <param name="text">The text to embed; valid until the next call.</param>
    /// <returns>False when the schema is unclear, a field is not as it should be, or there is no text.</returns>
    public bool TryReadText(
        ReadOnlySpan<byte> row,
        RowSchema? expected,
        out RowSchema schema,
        out ReadOnlySpan<char> text
    )
    {
        text = default;
        if (!TryChooseSchema(row, expected, out schema))
        {
            return false;
        }

        try
        {
            _text.Clear();
            if (!_schemas.TryAddTurns(row, schema))
            {
                return Fail(_schemas.Problem);
            }

            text = _renderer is null ? _text.Span : _renderer.Render(row, _fields, _text);
        }
        catch (InvalidOperationException)
        {
            return Fail(BrokenEscape);
        }

        return !text.IsWhiteSpace()
            || !_needsText
            || schema == RowSchema.Pretokenized
            || Fail(
                _renderer is null || _text.Span.IsWhiteSpace()
                    ? $"expected some text in {RowSchemas.ShapeOf(schema, _textField)}, found none"
                    : "expected the template to give some text for the row, found none"
            );
    }

    /// <summary>Reads the identifier of the scanned row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>The field id as text, or null when it is neither a string nor a number.</returns>
    public string? ReadId(ReadOnlySpan<byte> row)
    {
        FieldValue value = _fields[_id];
        return value.Kind == JsonTokenType.Number ? Encoding.UTF8.GetString(row.Slice(value.Start, value.Length))
            : value.IsString && TryReadString(row, value) ? _scratch.Span.ToString()
            : null;
    }

    /// <summary>Reads the source of the scanned row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="fallback">The source of a row that does not say.</param>
    /// <returns>The source.</returns>
    public string ReadSource(ReadOnlySpan<byte> row, string fallback) =>
        ReadSource(row, _fields[_source]) ?? ReadSource(row, _fields[_dataset]) ?? fallback;

    /// <summary>Counts the tokens of the row whose text was read last.</summary>
    /// <param name="row">The row.</param>
    /// <returns>
    /// Exact where the row has <c>input_ids</c> or there is a tokenizer, else an estimate of each turn.
    /// </returns>
    public RowTokens CountTokens(ReadOnlySpan<byte> row)
    {
        if (_fields[_inputIds].IsArray)
        {
            long all = CountItems(row, _fields[_inputIds], isLabels: false);
            return new RowTokens(
                all,
                _fields[_labels].IsArray ? CountItems(row, _fields[_labels], isLabels: true) : all,
                IsExact: true
            );
        }

        long tokens = 0;
        long supervised = 0;
        foreach (RowTurn turn in _text.Turns)
        {
            ReadOnlySpan<char> text = _text.TextOf(turn);
            long count = _countTokens?.Invoke(text.ToString()) ?? TokenEstimate.Of(text);
            tokens += count;
            supervised += turn.Role is TurnRole.Assistant or TurnRole.Text ? count : 0;
        }

        return new RowTokens(tokens, supervised, IsExact: _countTokens is not null);
    }

    /// <summary>
    /// Counts the items of a list; of labels, those that are not -100, which trainers omit from the loss.
    /// </summary>
    private static long CountItems(ReadOnlySpan<byte> row, FieldValue list, bool isLabels)
    {
        Utf8JsonReader reader = FieldTable.Open(row, list);
        long count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            bool isIgnored =
                isLabels
                && reader.TokenType == JsonTokenType.Number
                && reader.TryGetInt64(out long label)
                && label == -100;
            count += isIgnored ? 0 : 1;
            reader.Skip();
        }

        return count;
    }

    private static string Describe(JsonException e, ReadOnlySpan<byte> row)
    {
        ReadOnlySpan<byte> trimmed = row.Trim(" \t\r"u8);
        if (trimmed.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            return "expected JSON, found a byte order mark (BOM) before it: files were joined that begin with one";
        }

        if (trimmed.SequenceEqual("{"u8) || trimmed.SequenceEqual("["u8))
        {
            return "expected one JSON object in the line, found the beginning of one that goes on "
                + "in the next line; give "
                + "a file of indented JSON a name that ends in .json";
        }

        // The exception contains the line, here always the same; the position is the byte within it.
        int position = (int)Math.Min(e.BytePositionInLine ?? 0, row.Length);
        ReadOnlySpan<byte> rest = row[position..].TrimStart((byte)'-');
        if (rest.StartsWith("NaN"u8) || rest.StartsWith("Infinity"u8))
        {
            string word = rest[0] == 'N' ? "NaN" : "Infinity";
            return $"expected JSON, found {word} at byte {position + 1}, which JSON does not have; "
                + $"write null in its place";
        }

        if (e.Message.Contains("depth of", StringComparison.Ordinal))
        {
            return $"expected JSON of at most {FieldTable.MaxDepth} levels, found deeper lists or objects";
        }

        string where = (position + 1).ToString(CultureInfo.InvariantCulture);
        return $"expected JSON, found an error at byte {where}: {JsonErrors.ReasonOf(e)}";
    }

    private bool TryChooseSchema(ReadOnlySpan<byte> row, RowSchema? expected, out RowSchema schema)
    {
        uint schemas = FindSchemas(row);
        schema = expected ?? RowSchema.Text;
        if (expected is not null && (schemas & SchemaReader.BitOf(expected.Value)) != 0)
        {
            return true;
        }

        if (BitOperations.PopCount(schemas) == 1 && _wanted is null)
        {
            schema = (RowSchema)BitOperations.TrailingZeroCount(schemas);
            return schema != RowSchema.Pretokenized
                || !_needsText
                || _takesTokenIds
                || Fail("expected text, found only token ids (input_ids)");
        }

        string shape = expected is null ? "a row of a known schema" : RowSchemas.ShapeOf(expected.Value, _textField);
        return Fail($"expected {shape}, found {FieldTable.Describe(row)}");
    }

    private string? ReadSource(ReadOnlySpan<byte> row, FieldValue value)
    {
        if (!value.IsString || !TryReadString(row, value) || _scratch.Span.IsWhiteSpace())
        {
            return null;
        }

        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known = _sources.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(_scratch.Span, out string? source))
        {
            return source;
        }

        source = _scratch.Span.ToString();
        if (_sources.Count < MaxKnownSources)
        {
            _sources.Add(source);
        }

        return source;
    }

    private bool TryReadString(ReadOnlySpan<byte> row, FieldValue value)
    {
        _scratch.Truncate(0);
        Utf8JsonReader reader = FieldTable.Open(row, value);
        try
        {
            _scratch.AppendString(ref reader);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private bool Fail(string problem)
    {
        Problem = problem;
        return false;
    }
}
