using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Tsds.Jobs.Export;

/// <summary>
/// The common structure of the values of one field in many rows: the schema for columns, and the first row that does
/// not fit it.
/// </summary>
/// <param name="isLenient">Whether values of different kinds, one of them a list or an object, are taken in, to be
/// written as JSON text; else they are refused.</param>
internal sealed class JsonShape(bool isLenient = false)
{
    private const long LargestExactInDouble = 1L << 53;
    private const int DecimalDigits = 38;

    private readonly List<string> _names = [];
    private readonly Dictionary<string, JsonShape> _fields = new(StringComparer.Ordinal);
    private long _firstRow;
    private long _count;
    private bool _hasFractions;
    private bool _hasNegatives;
    private bool _hasLargeIntegers;
    private int _integerBits = 64;

    /// <summary>Gets the kind of the values: null until one is not null. Both booleans count as true.</summary>
    public JsonValueKind Kind { get; private set; } = JsonValueKind.Null;

    /// <summary>Gets the fields of objects, in the order in which they came up.</summary>
    public IReadOnlyList<string> FieldNames => _names;

    /// <summary>Gets the shape of the elements of lists.</summary>
    public JsonShape? Element { get; private set; }

    /// <summary>Gets a value indicating whether values of several kinds stand here.</summary>
    public bool IsMixed { get; private set; }

    /// <summary>
    /// Gets a value indicating whether objects here or below lack fields that others have, have none at all, or differ
    /// in kinds: a table would fill the gaps with nulls.
    /// </summary>
    public bool IsRagged =>
        HasGaps || IsMixed || (Element?.IsRagged ?? false) || _fields.Values.Any(shape => shape.IsRagged);

    /// <summary>Gets a value indicating whether objects here lack fields that others have, or have none at all.</summary>
    public bool HasGaps =>
        Kind == JsonValueKind.Object && (_names.Count == 0 || _fields.Values.Any(shape => shape._count != _count));

    /// <summary>Gets how many of the numbers here a column holds exactly.</summary>
    public NumberKind Numbers =>
        _hasFractions ? (_hasLargeIntegers ? NumberKind.Text : NumberKind.Double)
        : _integerBits <= 64 ? NumberKind.Int64
        : _integerBits == 65 && !_hasNegatives ? NumberKind.UInt64
        : _integerBits < int.MaxValue ? NumberKind.Decimal
        : NumberKind.Text;

    /// <summary>Gets the shape of a field of objects.</summary>
    /// <param name="field">The field.</param>
    public JsonShape this[string field] => _fields[field];

    /// <summary>Adds the value of a row; returns what does not fit, or null.</summary>
    /// <param name="value">The value.</param>
    /// <param name="row">The row's number, for messages.</param>
    /// <param name="place">Where the value stands, for messages.</param>
    /// <returns>
    /// Null, or what does not fit the rows before; then nothing was taken in at the place that did not fit.
    /// </returns>
    public string? Add(JsonElement value, long row, string place) => Add(value, row, place, isText: false);

    /// <summary>Determines whether a place holds descriptions of tools or arguments, which are JSON text elsewhere.</summary>
    /// <param name="place">The place.</param>
    public static bool IsToolPlace(string place) =>
        place is "tools" or "functions" || place.EndsWith(".arguments", StringComparison.Ordinal);

    private string? Add(JsonElement value, long row, string place, bool isText)
    {
        JsonValueKind kind = value.ValueKind == JsonValueKind.False ? JsonValueKind.True : value.ValueKind;
        _count++;
        if (kind == JsonValueKind.Null)
        {
            return null;
        }

        isText |= isLenient && IsToolPlace(place);
        if (Kind == JsonValueKind.Null)
        {
            (Kind, _firstRow) = (kind, row);
        }
        else if (Kind != kind)
        {
            bool hasStructure =
                kind is JsonValueKind.Object or JsonValueKind.Array
                || Kind is JsonValueKind.Object or JsonValueKind.Array;
            if (isText || (isLenient && hasStructure && !IsPartOfTurn(place)))
            {
                IsMixed = true;
                return null;
            }

            return $"expected {place} to be {NameOf(Kind)} as in line {_firstRow}, found {NameOf(kind)}";
        }

        switch (kind)
        {
            case JsonValueKind.Number:
                return AddNumber(value, place);
            case JsonValueKind.Array:
                Element ??= new JsonShape(isLenient);
                foreach (JsonElement item in value.EnumerateArray())
                {
                    if (Element.Add(item, row, place + "[]", isText) is { } problem)
                    {
                        return problem;
                    }
                }

                return null;
            case JsonValueKind.Object:
                return AddFields(value, row, place, isText);
            default:
                return null;
        }
    }

    private static bool IsPartOfTurn(string place) =>
        place.EndsWith("[].content", StringComparison.Ordinal)
        || place.EndsWith("[].value", StringComparison.Ordinal)
        || place.EndsWith("[].role", StringComparison.Ordinal)
        || place.EndsWith("[].from", StringComparison.Ordinal);

    private string? AddFields(JsonElement value, long row, string place, bool isText)
    {
        foreach (JsonProperty property in value.EnumerateObject())
        {
            if (!_fields.TryGetValue(property.Name, out JsonShape? field))
            {
                field = new JsonShape(isLenient);
                _fields.Add(property.Name, field);
                _names.Add(property.Name);
            }

            if (
                field.Add(
                    property.Value,
                    row,
                    place.Length == 0 ? property.Name : $"{place}.{property.Name}",
                    isText
                ) is
                { } problem
            )
            {
                return problem;
            }
        }

        return null;
    }

    private string? AddNumber(JsonElement value, string place)
    {
        if (value.TryGetInt64(out long integer))
        {
            _hasNegatives |= integer < 0;
            _hasLargeIntegers |= integer is > LargestExactInDouble or < -LargestExactInDouble;
            return null;
        }

        string text = value.GetRawText();
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0)
        {
            _hasFractions = true;
            return !isLenient || double.IsFinite(value.GetDouble())
                ? null
                : $"expected {place} to be a number that a column can hold, found {text}";
        }

        _hasLargeIntegers = true;
        _hasNegatives |= text[0] == '-';
        int bits =
            BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger big)
            && big >= 0
            && big <= ulong.MaxValue
                ? 65
            : text.TrimStart('-').Length <= DecimalDigits ? 127
            : int.MaxValue;
        _integerBits = Math.Max(_integerBits, bits);
        return null;
    }

    private static string NameOf(JsonValueKind kind) =>
        kind switch
        {
            JsonValueKind.String => "a string",
            JsonValueKind.Number => "a number",
            JsonValueKind.True => "a boolean",
            JsonValueKind.Array => "a list",
            _ => "an object",
        };
}
