using System.Data.SqlTypes;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Tsds.Jobs.Export;

/// <summary>
/// Collects the JSON values of one column into an Arrow array: text, numbers, booleans, lists and structs, all of which
/// may be null. What no type holds exactly becomes JSON text.
/// </summary>
internal sealed class ArrowColumn
{
    private readonly JsonShape _shape;
    private readonly ArrowColumn[] _children = [];
    private readonly bool _isToolPlace;
    private readonly StringArray.Builder _strings = new();
    private readonly Int64Array.Builder _integers = new();
    private readonly UInt64Array.Builder _unsigned = new();
    private readonly Decimal128Array.Builder _decimals = new(DecimalType);
    private readonly DoubleArray.Builder _numbers = new();
    private readonly BooleanArray.Builder _booleans = new();
    private readonly ArrowBuffer.BitmapBuilder _isValid = new();
    private readonly ArrowBuffer.Builder<int> _offsets = new();
    private int _count;
    private int _nullCount;
    private int _itemCount;

    /// <summary>Initializes an empty column.</summary>
    /// <param name="shape">What the values look like; a place that is always null counts as text.</param>
    /// <param name="place">Where the values stand.</param>
    public ArrowColumn(JsonShape shape, string place)
    {
        _shape = shape;
        _isToolPlace = JsonShape.IsToolPlace(place);
        bool isJsonText =
            shape.IsMixed
            || (_isToolPlace && shape.IsRagged)
            || (shape.HasGaps && !IsKnown(shape, place))
            || (shape.Kind == JsonValueKind.Number && shape.Numbers == NumberKind.Text);
        if (!isJsonText)
        {
            _children = shape.Kind switch
            {
                JsonValueKind.Object =>
                [
                    .. shape.FieldNames.Select(name => new ArrowColumn(
                        shape[name],
                        place.Length == 0 ? name : $"{place}.{name}"
                    )),
                ],
                JsonValueKind.Array => [new ArrowColumn(shape.Element ?? new JsonShape(), place + "[]")],
                _ => [],
            };
        }

        Type = isJsonText
            ? StringType.Default
            : shape.Kind switch
            {
                JsonValueKind.Object => new StructType([
                    .. shape.FieldNames.Select((name, i) => new Field(name, _children[i].Type, nullable: true)),
                ]),
                JsonValueKind.Array => new ListType(new Field("item", _children[0].Type, nullable: true)),
                JsonValueKind.Number => shape.Numbers switch
                {
                    NumberKind.Int64 => Int64Type.Default,
                    NumberKind.UInt64 => UInt64Type.Default,
                    NumberKind.Decimal => DecimalType,
                    _ => DoubleType.Default,
                },
                JsonValueKind.True => BooleanType.Default,
                _ => StringType.Default,
            };
        IsJsonText = isJsonText;
        _offsets.Append(0);
    }

    /// <summary>Gets the type of the column.</summary>
    public IArrowType Type { get; }

    /// <summary>Gets a value indicating whether values are written as JSON text.</summary>
    public bool IsJsonText { get; }

    private static Decimal128Type DecimalType { get; } = new(precision: 38, scale: 0);

    /// <summary>Adds a value; an absent one counts as null.</summary>
    /// <param name="value">The value.</param>
    public void Add(JsonElement value)
    {
        bool isNull = value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;
        if (IsJsonText)
        {
            // Tools and arguments that are text already are the JSON text of themselves.
            _ =
                isNull ? _strings.AppendNull()
                : _isToolPlace && value.ValueKind == JsonValueKind.String ? _strings.Append(value.GetString())
                : _strings.Append(value.GetRawText());
            return;
        }

        _count++;
        _nullCount += isNull ? 1 : 0;
        _isValid.Append(!isNull);
        switch (_shape.Kind)
        {
            case JsonValueKind.Object:
                for (int i = 0; i < _children.Length; i++)
                {
                    _children[i]
                        .Add(
                            !isNull && value.TryGetProperty(_shape.FieldNames[i], out JsonElement field)
                                ? field
                                : default
                        );
                }

                break;
            case JsonValueKind.Array:
                for (int i = 0; !isNull && i < value.GetArrayLength(); i++, _itemCount++)
                {
                    _children[0].Add(value[i]);
                }

                _offsets.Append(_itemCount);
                break;
            case JsonValueKind.Number:
                AddNumber(value, isNull);
                break;
            case JsonValueKind.True:
                _ = isNull ? _booleans.AppendNull() : _booleans.Append(value.GetBoolean());
                break;
            default:
                _ = isNull ? _strings.AppendNull() : _strings.Append(value.GetString());
                break;
        }
    }

    /// <summary>Builds the array of the added values.</summary>
    public IArrowArray Build() =>
        IsJsonText
            ? _strings.Build()
            : _shape.Kind switch
            {
                JsonValueKind.Object => new StructArray(
                    Type,
                    _count,
                    _children.Select(child => child.Build()),
                    _isValid.Build(),
                    _nullCount
                ),
                JsonValueKind.Array => new ListArray(
                    Type,
                    _count,
                    _offsets.Build(),
                    _children[0].Build(),
                    _isValid.Build(),
                    _nullCount
                ),
                JsonValueKind.Number => _shape.Numbers switch
                {
                    NumberKind.Int64 => _integers.Build(),
                    NumberKind.UInt64 => _unsigned.Build(),
                    NumberKind.Decimal => _decimals.Build(),
                    _ => _numbers.Build(),
                },
                JsonValueKind.True => _booleans.Build(),
                _ => _strings.Build(),
            };

    private void AddNumber(JsonElement value, bool isNull)
    {
        switch (_shape.Numbers)
        {
            case NumberKind.Int64:
                _ = isNull ? _integers.AppendNull() : _integers.Append(value.GetInt64());
                break;
            case NumberKind.UInt64:
                _ = isNull ? _unsigned.AppendNull() : _unsigned.Append(value.GetUInt64());
                break;
            case NumberKind.Decimal:
                _ = isNull ? _decimals.AppendNull() : _decimals.Append(SqlDecimal.Parse(value.GetRawText()));
                break;
            default:
                _ = isNull ? _numbers.AppendNull() : _numbers.Append(value.GetDouble());
                break;
        }
    }

    /// <summary>
    /// Determines whether objects are turns, calls, parts or the row itself, whose optional fields readers expect as
    /// nulls.
    /// </summary>
    private static bool IsKnown(JsonShape shape, string place) =>
        shape.FieldNames.Count > 0
        && (place.Length == 0 || shape.FieldNames.Any(name => name is "role" or "from" or "function" or "type"));
}
