using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Apache.Arrow;
using Apache.Arrow.Arrays;
using Apache.Arrow.Types;

namespace Tsds.Data.Containers;

/// <summary>Writes rows of record batches as JSON: all columns in order, the same bytes for the same values.</summary>
/// <remarks>
/// Numbers are written so that reading them gives the same value; NaN and infinities, which JSON has not, as null;
/// dates and times as ISO 8601; durations and times of day as the whole numbers that they are; bytes as base64; maps
/// with names as objects, other maps as lists of key and value.
/// </remarks>
internal sealed class ArrowRowWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = FieldTable.MaxDepth,
    };

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly Utf8JsonWriter _json;
    private readonly int _maxRowBytes;
    private string? _problem;

    /// <summary>Initializes a new instance of the <see cref="ArrowRowWriter"/> class.</summary>
    /// <param name="maxRowBytes">The longest row to write, in bytes.</param>
    public ArrowRowWriter(int maxRowBytes)
    {
        _maxRowBytes = maxRowBytes;
        _json = new Utf8JsonWriter(_output, Options);
    }

    /// <summary>Gets the row written last; valid until the next is written.</summary>
    public ReadOnlyMemory<byte> Row => _output.WrittenMemory;

    /// <summary>Writes a row.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="row">The row's position in it.</param>
    /// <returns>Null, or what was expected and found when the row cannot be written.</returns>
    /// <exception cref="InvalidDataException">A column has a type that JSON cannot show.</exception>
    public string? Write(RecordBatch batch, int row)
    {
        _output.ResetWrittenCount();
        _json.Reset();
        _problem = null;
        _json.WriteStartObject();
        IReadOnlyList<Field> columns = batch.Schema.FieldsList;
        for (int i = 0; i < columns.Count && _problem is null; i++)
        {
            _json.WritePropertyName(columns[i].Name);
            WriteValue(batch.Column(i), row, columns[i].Name, depth: 1);
        }

        if (_problem is null)
        {
            _json.WriteEndObject();
            _json.Flush();
            CheckLength();
        }

        return _problem;
    }

    private void CheckLength()
    {
        if (_json.BytesCommitted + _json.BytesPending > _maxRowBytes)
        {
            _problem = string.Create(
                CultureInfo.InvariantCulture,
                $"expected a row of at most {_maxRowBytes} bytes, found a longer one"
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void WriteValue(IArrowArray array, int index, string column, int depth)
    {
        // Within a row too: a list may repeat one value without end.
        CheckLength();
        if (_problem is not null)
        {
            return;
        }

        if (depth >= FieldTable.MaxDepth)
        {
            _problem = string.Create(
                CultureInfo.InvariantCulture,
                $"expected values of a depth of at most {FieldTable.MaxDepth} in the column {column}, found deeper ones"
            );
        }
        else if (array.IsNull(index))
        {
            _json.WriteNullValue();
        }
        else if (
            !TryWriteNested(array, index, column, depth)
            && !TryWriteText(array, index, column)
            && !TryWriteNumber(array, index)
        )
        {
            WriteOther(array, index, column);
        }
    }

    private bool TryWriteNested(IArrowArray array, int index, string column, int depth)
    {
        switch (array)
        {
            case StructArray group:
                WriteStruct(group, index, column, depth);
                return true;
            case MapArray map:
                WriteMap(map, index, column, depth);
                return true;
            case ListArray list:
                WriteList(list.Values, list.ValueOffsets[index], list.GetValueLength(index), column, depth);
                return true;
            case LargeListArray list:
                WriteList(
                    list.Values,
                    checked((int)list.ValueOffsets[index]),
                    list.GetValueLength(index),
                    column,
                    depth
                );
                return true;
            case ListViewArray list:
                WriteList(list.Values, list.ValueOffsets[index], list.Sizes[index], column, depth);
                return true;
            case FixedSizeListArray list:
                int size = ((FixedSizeListType)list.Data.DataType).ListSize;
                WriteList(list.Values, (list.Offset + index) * size, size, column, depth);
                return true;
            case DictionaryArray words:
                WriteValue(words.Dictionary, IndexOf(words.Indices, index), column, depth);
                return true;
            case ExtensionArray extension:
                WriteValue(extension.Storage, index, column, depth);
                return true;
            default:
                return false;
        }
    }

    private bool TryWriteText(IArrowArray array, int index, string column)
    {
        switch (array)
        {
            case StringArray text:
                WriteText(text.GetBytes(index), column);
                return true;
            case LargeStringArray text:
                WriteText(text.GetBytes(index), column);
                return true;
            case StringViewArray text:
                WriteText(text.GetBytes(index), column);
                return true;
            case BinaryArray bytes:
                _json.WriteBase64StringValue(bytes.GetBytes(index));
                return true;
            case LargeBinaryArray bytes:
                _json.WriteBase64StringValue(bytes.GetBytes(index));
                return true;
            case BinaryViewArray bytes:
                _json.WriteBase64StringValue(bytes.GetBytes(index));
                return true;
            default:
                return false;
        }
    }

    private bool TryWriteNumber(IArrowArray array, int index)
    {
        switch (array)
        {
            case BooleanArray values:
                _json.WriteBooleanValue(values.GetValue(index)!.Value);
                return true;
            case Int8Array values:
                _json.WriteNumberValue((long)values.Values[index]);
                return true;
            case Int16Array values:
                _json.WriteNumberValue((long)values.Values[index]);
                return true;
            case Int32Array values:
                _json.WriteNumberValue((long)values.Values[index]);
                return true;
            case Int64Array values:
                _json.WriteNumberValue(values.Values[index]);
                return true;
            case UInt8Array values:
                _json.WriteNumberValue((long)values.Values[index]);
                return true;
            case UInt16Array values:
                _json.WriteNumberValue((long)values.Values[index]);
                return true;
            case UInt32Array values:
                _json.WriteNumberValue((long)values.Values[index]);
                return true;
            case UInt64Array values:
                _json.WriteNumberValue(values.Values[index]);
                return true;
            case HalfFloatArray values:
                WriteFloat((float)values.Values[index]);
                return true;
            case FloatArray values:
                WriteFloat(values.Values[index]);
                return true;
            case DoubleArray values when double.IsFinite(values.Values[index]):
                _json.WriteNumberValue(values.Values[index]);
                return true;
            case DoubleArray:
                _json.WriteNullValue();
                return true;
            default:
                return false;
        }
    }

    private void WriteOther(IArrowArray array, int index, string column)
    {
        switch (array)
        {
            case Date32Array dates:
                WriteTime(dates.GetDateTime(index)!.Value, "yyyy-MM-dd");
                break;
            case Date64Array dates:
                WriteTime(dates.GetDateTime(index)!.Value, "yyyy-MM-dd");
                break;
            case TimestampArray times:
                string zone = ((TimestampType)times.Data.DataType).Timezone is null ? string.Empty : "Z";
                WriteTime(times.GetTimestamp(index)!.Value.UtcDateTime, "yyyy-MM-ddTHH:mm:ss.FFFFFFF", zone);
                break;
            case Time32Array times:
                _json.WriteNumberValue((long)times.Values[index]);
                break;
            case Time64Array times:
                _json.WriteNumberValue(times.Values[index]);
                break;
            case DurationArray times:
                _json.WriteNumberValue(times.Values[index]);
                break;
            case Decimal32Array values:
                _json.WriteRawValue(values.GetString(index)!);
                break;
            case Decimal64Array values:
                _json.WriteRawValue(values.GetString(index)!);
                break;
            case Decimal128Array values:
                _json.WriteRawValue(values.GetString(index)!);
                break;
            case Decimal256Array values:
                _json.WriteRawValue(values.GetString(index)!);
                break;
            case FixedSizeBinaryArray bytes:
                _json.WriteBase64StringValue(bytes.GetBytes(index));
                break;
            default:
                throw new InvalidDataException(
                    $"the column {column} has values of type {array.Data.DataType.Name}, which has no form "
                        + $"in JSON: leave it out"
                );
        }
    }

    private void WriteStruct(StructArray group, int index, string column, int depth)
    {
        IReadOnlyList<Field> fields = ((StructType)group.Data.DataType).Fields;
        _json.WriteStartObject();
        for (int i = 0; i < fields.Count && _problem is null; i++)
        {
            _json.WritePropertyName(fields[i].Name);
            WriteValue(group.Fields[i], index, column, depth + 1);
        }

        End(isObject: true);
    }

    private void WriteList(IArrowArray values, int start, int count, string column, int depth)
    {
        _json.WriteStartArray();
        for (int i = start; i < start + count && _problem is null; i++)
        {
            WriteValue(values, i, column, depth + 1);
        }

        End(isObject: false);
    }

    private void WriteMap(MapArray map, int index, string column, int depth)
    {
        int start = map.ValueOffsets[index];
        int count = map.GetValueLength(index);
        if (map.Keys is not StringArray names)
        {
            WriteList(map.KeyValues, start, count, column, depth);
            return;
        }

        _json.WriteStartObject();
        for (int i = start; i < start + count && _problem is null; i++)
        {
            _json.WritePropertyName(names.GetBytes(i));
            WriteValue(map.Values, i, column, depth + 1);
        }

        End(isObject: true);
    }

    private void End(bool isObject)
    {
        if (_problem is not null)
        {
            return;
        }

        if (isObject)
        {
            _json.WriteEndObject();
        }
        else
        {
            _json.WriteEndArray();
        }
    }

    private void WriteText(ReadOnlySpan<byte> text, string column)
    {
        if (Utf8.IsValid(text))
        {
            _json.WriteStringValue(text);
        }
        else
        {
            _problem = $"expected UTF-8 in the column {column}, found bytes that are not";
        }
    }

    private void WriteFloat(float value)
    {
        if (float.IsFinite(value))
        {
            _json.WriteNumberValue(value);
        }
        else
        {
            _json.WriteNullValue();
        }
    }

    private void WriteTime(DateTime value, string format, string zone = "") =>
        _json.WriteStringValue(value.ToString(format, CultureInfo.InvariantCulture) + zone);

    private static int IndexOf(IArrowArray indices, int position) =>
        indices switch
        {
            Int8Array values => values.Values[position],
            Int16Array values => values.Values[position],
            Int32Array values => values.Values[position],
            UInt8Array values => values.Values[position],
            UInt16Array values => values.Values[position],
            UInt32Array values => checked((int)values.Values[position]),
            Int64Array values => checked((int)values.Values[position]),
            UInt64Array values => checked((int)values.Values[position]),
            _ => throw new InvalidDataException($"a dictionary is indexed by {indices.Data.DataType.Name}"),
        };
}
