using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Tsds.Pools;

/// <summary>
/// Reads a pickle that describes one tensor. It reads data and interprets nothing: it supports only the opcodes that
/// torch.save writes for a tensor, the few names below have the meaning given here, and no name in a file is ever
/// looked up or executed.
/// </summary>
/// <seealso href="https://docs.python.org/3/library/pickletools.html">The opcodes of pickle</seealso>
internal sealed class TorchPickleReader(byte[] pickle, string path)
{
    private const string RebuildTensor = "torch._utils._rebuild_tensor_v2";
    private const string RebuildParameter = "torch._utils._rebuild_parameter";
    private const string OrderedDictionary = "collections.OrderedDict";

    private static readonly object Mark = new();
    private static readonly object None = new();
    private static readonly object EmptyDictionary = new();

    private readonly Stack<object> _stack = new();
    private readonly Dictionary<int, object> _memo = [];
    private int _position;

    /// <summary>Reads the description of the tensor.</summary>
    /// <exception cref="InvalidDataException">The pickle is damaged, or describes anything but one tensor.</exception>
    public TorchTensor Read()
    {
        while (Step((char)ReadByte())) { }

        return _stack.Count == 1 && _stack.Peek() is TorchTensor tensor
            ? tensor
            : throw Other(NameOf(_stack.TryPeek(out object? top) ? top : Mark));
    }

    /// <summary>Reads and executes one opcode; returns false at the end of the pickle.</summary>
    /// <returns>False after the last.</returns>
    private bool Step(char opcode)
    {
        switch (opcode)
        {
            case '\x80': // PROTO
                ReadByte();
                break;
            case '\x95': // FRAME
                Take(sizeof(ulong));
                break;
            case '(':
                _stack.Push(Mark);
                break;
            case '.':
                return false;
            case ')':
                _stack.Push(Array.Empty<object>());
                break;
            case 't':
                object[] items = PopMany(CountToMark());
                _stack.Pop();
                _stack.Push(items);
                break;
            case '\x85' or '\x86' or '\x87': // TUPLE1, TUPLE2, TUPLE3
                _stack.Push(PopMany(opcode - '\x84'));
                break;
            case 'c':
                _stack.Push(Known($"{ReadLine()}.{ReadLine()}"));
                break;
            case '\x93': // STACK_GLOBAL
                string name = Pop<string>();
                _stack.Push(Known($"{Pop<string>()}.{name}"));
                break;
            case 'R':
                object[] arguments = Pop<object[]>();
                _stack.Push(Build(Pop<PickleName>(), arguments));
                break;
            case 'Q':
                _stack.Push(Storage(Pop<object[]>()));
                break;
            case '}' or ']':
                throw Other(opcode == '}' ? "a dictionary" : "a list");
            case 'u' or 's':
                throw Other("a dictionary");
            default:
                if (!TryPushValue(opcode) && !TryMemo(opcode))
                {
                    throw Damaged($"the opcode 0x{(int)opcode:X2}");
                }

                break;
        }

        return true;
    }

    private bool TryPushValue(char opcode)
    {
        object? value = opcode switch
        {
            'N' => None,
            '\x88' => true,
            '\x89' => false,
            'K' => (long)ReadByte(),
            'M' => (long)BinaryPrimitives.ReadUInt16LittleEndian(Take(2)),
            'J' => (long)BinaryPrimitives.ReadInt32LittleEndian(Take(4)),
            '\x8a' => ReadLong(ReadByte()),
            'X' => ReadText(BinaryPrimitives.ReadUInt32LittleEndian(Take(4))),
            '\x8c' => ReadText(ReadByte()),
            _ => null,
        };
        if (value is not null)
        {
            _stack.Push(value);
        }

        return value is not null;
    }

    private bool TryMemo(char opcode)
    {
        switch (opcode)
        {
            case 'q':
                _memo[ReadByte()] = Peek();
                return true;
            case 'r':
                _memo[BinaryPrimitives.ReadInt32LittleEndian(Take(4))] = Peek();
                return true;
            case '\x94': // MEMOIZE
                _memo[_memo.Count] = Peek();
                return true;
            case 'h':
                _stack.Push(Recall(ReadByte()));
                return true;
            case 'j':
                _stack.Push(Recall(BinaryPrimitives.ReadInt32LittleEndian(Take(4))));
                return true;
            default:
                return false;
        }
    }

    private object Build(PickleName name, object[] arguments) =>
        name.Text switch
        {
            OrderedDictionary when arguments is [] => EmptyDictionary,
            RebuildParameter when arguments is [TorchTensor tensor, ..] => tensor,
            RebuildTensor
                when arguments is [TorchStorage storage, long offset, object[] shape, object[] strides, bool, ..]
                    && shape.Length == strides.Length => new TorchTensor(
                storage,
                offset,
                Numbers(shape),
                Numbers(strides)
            ),
            _ => throw Damaged($"other arguments of {name.Text}"),
        };

    private TorchStorage Storage(object[] id)
    {
        if (id is not ["storage", PickleName type, string key, string, long count])
        {
            throw Damaged("a reference that is not one of a storage");
        }

        VectorElement element = type.Text switch
        {
            "torch.HalfStorage" => VectorElement.Float16,
            "torch.BFloat16Storage" => VectorElement.BFloat16,
            "torch.FloatStorage" => VectorElement.Float32,
            "torch.DoubleStorage" => VectorElement.Float64,
            _ => throw new InvalidDataException(
                $"Expected float16, bfloat16, float32 or float64 elements in {path}, found {type.Text}; save "
                    + $"tensor.float()."
            ),
        };
        return new TorchStorage(element, key, count);
    }

    private PickleName Known(string name)
    {
        bool isStorage =
            name.StartsWith("torch.", StringComparison.Ordinal) && name.EndsWith("Storage", StringComparison.Ordinal);
        return isStorage || name is RebuildTensor or RebuildParameter or OrderedDictionary
            ? new PickleName(name)
            : throw new InvalidDataException(
                $"Expected one tensor and nothing else in {path}, found a pickle that names "
                    + $"'{Shorten(name)}', of which nothing was run; save the tensor alone, with "
                    + $"torch.save(tensor, path)."
            );
    }

    private long[] Numbers(object[] values) =>
        [
            .. values.Select(value =>
                value is long number ? number : throw Damaged("a shape that is not made of whole numbers")
            ),
        ];

    private int CountToMark()
    {
        int count = 0;
        foreach (object value in _stack)
        {
            if (ReferenceEquals(value, Mark))
            {
                return count;
            }

            count++;
        }

        throw Damaged("a tuple without a beginning");
    }

    private object[] PopMany(int count)
    {
        object[] items = new object[count];
        for (int i = count - 1; i >= 0; i--)
        {
            items[i] = Pop<object>();
        }

        return items;
    }

    private T Pop<T>() =>
        _stack.TryPop(out object? value) && value is T wanted && !ReferenceEquals(value, Mark)
            ? wanted
            : throw Damaged("values in another order");

    private object Peek() => _stack.TryPeek(out object? value) ? value : throw Damaged("values in another order");

    private object Recall(int key) =>
        _memo.TryGetValue(key, out object? value) ? value : throw Damaged("a reference to nothing");

    private byte ReadByte() => Take(1)[0];

    private long ReadLong(int length)
    {
        if (length > sizeof(long))
        {
            throw Damaged("a number of more than 64 bits");
        }

        // Two's complement, as short as it goes: the sign is in the last byte.
        ReadOnlySpan<byte> bytes = Take(length);
        long value = length > 0 && (bytes[^1] & 0x80) != 0 ? -1 : 0;
        for (int i = length - 1; i >= 0; i--)
        {
            value = (value << 8) | bytes[i];
        }

        return value;
    }

    private string ReadText(uint length) =>
        length <= pickle.Length
            ? Encoding.UTF8.GetString(Take((int)length))
            : throw Damaged("a text longer than the file");

    private string ReadLine()
    {
        int length = pickle.AsSpan(_position).IndexOf((byte)'\n');
        string line = length >= 0 ? Encoding.UTF8.GetString(Take(length)) : throw Damaged("a name without an end");
        _position++;
        return line;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > pickle.Length - _position)
        {
            throw Damaged("its end before the tensor's");
        }

        _position += count;
        return pickle.AsSpan(_position - count, count);
    }

    private static string NameOf(object value) =>
        value switch
        {
            object[] => "a tuple",
            string => "a text",
            long or bool => "a number",
            _ when ReferenceEquals(value, EmptyDictionary) => "a dictionary",
            _ => "something else",
        };

    private static string Shorten(string name) =>
        name.Length <= 100 ? name : string.Create(CultureInfo.InvariantCulture, $"{name.AsSpan(0, 100)}...");

    private InvalidDataException Other(string found) =>
        new(
            $"Expected one tensor and nothing else in {path}, found {found}; save the tensor alone, with "
                + $"torch.save(tensor, path)."
        );

    private InvalidDataException Damaged(string found) =>
        new(
            $"Expected the pickle of one tensor in {path}, found {found}; save the tensor alone, with "
                + $"torch.save(tensor, path)."
        );

    private sealed record PickleName(string Text);
}
