using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Tsds.Jobs.Export;

/// <summary>
/// Collects the JSON values of one column into an Arrow array: text, numbers, booleans, lists and structs, all of which
/// may be null.
/// </summary>
internal sealed class ArrowColumn
{
    private readonly JsonShape _shape;
    private readonly ArrowColumn[] _children;
    private readonly StringArray.Builder _strings = new();
    private readonly Int64Array.Builder _integers = new();
    private readonly DoubleArray.Builder _numbers = new();
    private readonly BooleanArray.Builder _booleans = new();
    private readonly ArrowBuffer.BitmapBuilder _isValid = new();
    private readonly ArrowBuffer.Builder<int> _offsets = new();
    private int _count;
    private int _nullCount;
    private int _itemCount;

    /// <summary>Initializes an empty column.</summary>
    /// <param name="shape">What the values look like; a place that is always null counts as text.</param>
    public ArrowColumn(JsonShape shape)
    {
        _shape = shape;
        _children = shape.Kind switch
        {
            JsonValueKind.Object => [.. shape.FieldNames.Select(name => new ArrowColumn(shape[name]))],
            JsonValueKind.Array => [new ArrowColumn(shape.Element ?? new JsonShape())],
            _ => [],
        };
        Type = shape.Kind switch
        {
            JsonValueKind.Object => new StructType([
                .. shape.FieldNames.Select((name, i) => new Field(name, _children[i].Type, nullable: true)),
            ]),
            JsonValueKind.Array => new ListType(new Field("item", _children[0].Type, nullable: true)),
            JsonValueKind.Number => shape.IsWhole ? Int64Type.Default : DoubleType.Default,
            JsonValueKind.True => BooleanType.Default,
            _ => StringType.Default,
        };
        _offsets.Append(0);
    }

    public IArrowType Type { get; }

    /// <summary>Adds a value; an absent one counts as null.</summary>
    public void Add(JsonElement value)
    {
        bool isNull = value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;
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
            case JsonValueKind.Number when _shape.IsWhole:
                _ = isNull ? _integers.AppendNull() : _integers.Append(value.GetInt64());
                break;
            case JsonValueKind.Number:
                _ = isNull ? _numbers.AppendNull() : _numbers.Append(value.GetDouble());
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
        _shape.Kind switch
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
            JsonValueKind.Number when _shape.IsWhole => _integers.Build(),
            JsonValueKind.Number => _numbers.Build(),
            JsonValueKind.True => _booleans.Build(),
            _ => _strings.Build(),
        };
}
