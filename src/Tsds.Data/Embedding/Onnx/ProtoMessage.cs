using System.Buffers.Binary;
using System.Text;

namespace Tsds.Data.Embedding.Onnx;

/// <summary>
/// A message of protocol buffers as a list of its fields, in order, none of them interpreted: what is not known is
/// written as it was read.
/// </summary>
internal sealed class ProtoMessage
{
    private const int VarintType = 0;
    private const int FixedType64 = 1;
    private const int BytesType = 2;
    private const int FixedType32 = 5;

    private readonly List<(int Number, int Type, ulong Value, ReadOnlyMemory<byte> Bytes)> _fields = [];

    /// <summary>Gets the length of the message when it is written.</summary>
    public long Length => _fields.Sum(one => LengthOf(TagOf(one.Number, one.Type)) + ContentLengthOf(one));

    /// <summary>Reads a message; the fields refer to its bytes.</summary>
    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    public static ProtoMessage Read(ReadOnlyMemory<byte> bytes)
    {
        ProtoMessage message = new();
        int position = 0;
        while (position < bytes.Length)
        {
            ulong tag = ReadVarint(bytes.Span, ref position);
            int number = checked((int)(tag >> 3));
            int type = (int)(tag & 7);
            switch (type)
            {
                case VarintType:
                    message._fields.Add((number, type, ReadVarint(bytes.Span, ref position), default));
                    break;
                case BytesType:
                    message._fields.Add((number, type, 0, Take(ReadVarint(bytes.Span, ref position))));
                    break;
                case FixedType64:
                    ulong wide = BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)).Span);
                    message._fields.Add((number, type, wide, default));
                    break;
                case FixedType32:
                    ulong narrow = BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)).Span);
                    message._fields.Add((number, type, narrow, default));
                    break;
                default:
                    throw Damaged();
            }
        }

        return message;

        ReadOnlyMemory<byte> Take(ulong length)
        {
            if (length > (ulong)(bytes.Length - position))
            {
                throw Damaged();
            }

            position += (int)length;
            return bytes.Slice(position - (int)length, (int)length);
        }
    }

    /// <summary>Returns the fields of this number that hold bytes: messages, strings or packed numbers.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> All(int number) =>
        _fields.Where(field => field.Number == number && field.Type == BytesType).Select(field => field.Bytes);

    /// <summary>Returns the fields of this number as texts.</summary>
    public IEnumerable<string> Texts(int number) => All(number).Select(bytes => Encoding.UTF8.GetString(bytes.Span));

    /// <summary>Returns the whole numbers of a field, packed or not.</summary>
    public IEnumerable<long> Numbers(int number)
    {
        foreach ((int found, int type, ulong value, ReadOnlyMemory<byte> bytes) in _fields)
        {
            if (found != number)
            {
                continue;
            }

            if (type == VarintType)
            {
                yield return (long)value;
            }

            for (int position = 0; position < bytes.Length; )
            {
                yield return (long)ReadVarint(bytes.Span, ref position);
            }
        }
    }

    /// <summary>Determines whether there is a field of this number.</summary>
    public bool Has(int number) => _fields.Exists(field => field.Number == number);

    public ProtoMessage Add(int number, ReadOnlyMemory<byte> bytes)
    {
        _fields.Add((number, BytesType, 0, bytes));
        return this;
    }

    public ProtoMessage Add(int number, string text) => Add(number, Encoding.UTF8.GetBytes(text));

    public ProtoMessage Add(int number, ProtoMessage message) => Add(number, message.ToArray());

    public ProtoMessage Add(int number, long value)
    {
        _fields.Add((number, VarintType, (ulong)value, default));
        return this;
    }

    /// <summary>Removes the fields of this number that the condition holds for.</summary>
    public void Remove(int number, Func<ReadOnlyMemory<byte>, bool> condition) =>
        _fields.RemoveAll(field => field.Number == number && field.Type == BytesType && condition(field.Bytes));

    /// <summary>Returns the message as it is stored.</summary>
    public byte[] ToArray()
    {
        byte[] bytes = new byte[checked((int)Length)];
        int position = 0;
        foreach ((int number, int type, ulong value, ReadOnlyMemory<byte> content) in _fields)
        {
            WriteVarint(bytes, ref position, TagOf(number, type));
            switch (type)
            {
                case VarintType:
                    WriteVarint(bytes, ref position, value);
                    break;
                case FixedType64:
                    BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(position), value);
                    position += sizeof(ulong);
                    break;
                case FixedType32:
                    BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(position), (uint)value);
                    position += sizeof(uint);
                    break;
                default:
                    WriteVarint(bytes, ref position, (ulong)content.Length);
                    content.Span.CopyTo(bytes.AsSpan(position));
                    position += content.Length;
                    break;
            }
        }

        return bytes;
    }

    private static ulong TagOf(int number, int type) => ((ulong)number << 3) | (uint)type;

    private static long ContentLengthOf((int Number, int Type, ulong Value, ReadOnlyMemory<byte> Bytes) content) =>
        content.Type switch
        {
            VarintType => LengthOf(content.Value),
            FixedType64 => sizeof(ulong),
            FixedType32 => sizeof(uint),
            _ => LengthOf((ulong)content.Bytes.Length) + content.Bytes.Length,
        };

    private static int LengthOf(ulong value)
    {
        int length = 1;
        for (; value >= 0x80; value >>= 7)
        {
            length++;
        }

        return length;
    }

    private static ulong ReadVarint(ReadOnlySpan<byte> bytes, ref int position)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64 && position < bytes.Length; shift += 7)
        {
            byte next = bytes[position++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }

        throw Damaged();
    }

    private static void WriteVarint(byte[] bytes, ref int position, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes[position++] = (byte)(value | 0x80);
        }

        bytes[position++] = (byte)value;
    }

    private static InvalidDataException Damaged() =>
        new("Expected a message of protocol buffers, found bytes that end too early or name no kind of field.");
}
