using System.Buffers.Binary;
using System.Text;

namespace Tsds.Tests.Shared;

/// <summary>
/// Writes files in the layout of torch.save, byte by byte: a zip archive of stored entries in one folder, each with a
/// data descriptor, its elements aligned to 64 bytes by an extra field FB, the directory in zip64 form, and a pickle of
/// protocol 2.
/// </summary>
internal static class TorchFile
{
    /// <summary>Writes a 2-D float32 tensor.</summary>
    public static void Write(string path, int dimension, ReadOnlySpan<float> values)
    {
        byte[] storage = new byte[values.Length * sizeof(float)];
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(storage.AsSpan(i * sizeof(float)), values[i]);
        }

        int count = values.Length / dimension;
        Write(path, Pickle("FloatStorage", values.Length, 0, [count, dimension], [dimension, 1]), storage);
    }

    /// <summary>Writes an archive around any pickle and storage.</summary>
    public static void Write(
        string path,
        byte[] pickle,
        byte[] storage,
        string? folder = null,
        string byteOrder = "little"
    ) =>
        File.WriteAllBytes(path, Archive(folder ?? Path.GetFileNameWithoutExtension(path), pickle, storage, byteOrder));

    /// <summary>
    /// The pickle of a tensor: torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, False, OrderedDict()).
    /// </summary>
    public static byte[] Pickle(string storageType, long storageCount, long offset, long[] shape, long[] strides)
    {
        Pickler pickler = new();
        pickler.Global("torch._utils", "_rebuild_tensor_v2");
        pickler.Opcode('(');
        pickler.Opcode('(');
        pickler.Text("storage");
        pickler.Global("torch", storageType);
        pickler.Text("0");
        pickler.Text("cpu");
        pickler.Number(storageCount);
        pickler.Opcode('t');
        pickler.Memoize();
        pickler.Opcode('Q');
        pickler.Number(offset);
        pickler.Tuple(shape);
        pickler.Tuple(strides);
        pickler.Opcode('\x89');
        pickler.Global("collections", "OrderedDict");
        pickler.Opcode(')');
        pickler.Opcode('R');
        pickler.Memoize();
        pickler.Opcode('t');
        pickler.Memoize();
        pickler.Opcode('R');
        pickler.Memoize();
        pickler.Opcode('.');
        return pickler.ToArray();
    }

    private static byte[] Archive(string folder, byte[] pickle, byte[] storage, string byteOrder)
    {
        using ZipWriter zip = new();
        zip.Add($"{folder}/data.pkl", pickle);
        zip.Add($"{folder}/byteorder", Encoding.ASCII.GetBytes(byteOrder));
        zip.Add($"{folder}/data/0", storage);
        zip.Add($"{folder}/version", "3\n"u8);
        zip.Add($"{folder}/.data/serialization_id", "0636457737946401051300000027264370494161"u8);
        return zip.Finish();
    }

    private sealed class Pickler
    {
        private readonly List<byte> _pickle = [0x80, 0x02];
        private byte _memo;

        public void Opcode(char opcode) => _pickle.Add((byte)opcode);

        public void Memoize()
        {
            Opcode('q');
            _pickle.Add(_memo++);
        }

        public void Global(string module, string name)
        {
            _pickle.AddRange(Encoding.ASCII.GetBytes($"c{module}\n{name}\n"));
            Memoize();
        }

        public void Text(string text)
        {
            Opcode('X');
            _pickle.AddRange(BitConverter.GetBytes(text.Length));
            _pickle.AddRange(Encoding.ASCII.GetBytes(text));
            Memoize();
        }

        public void Number(long value)
        {
            switch (value)
            {
                case >= 0 and <= byte.MaxValue:
                    Opcode('K');
                    _pickle.Add((byte)value);
                    break;
                case >= 0 and <= ushort.MaxValue:
                    Opcode('M');
                    _pickle.AddRange(BitConverter.GetBytes((ushort)value));
                    break;
                case >= int.MinValue and <= int.MaxValue:
                    Opcode('J');
                    _pickle.AddRange(BitConverter.GetBytes((int)value));
                    break;
                default:
                    Opcode('\x8a');
                    _pickle.Add(sizeof(long));
                    _pickle.AddRange(BitConverter.GetBytes(value));
                    break;
            }
        }

        public void Tuple(long[] values)
        {
            if (values.Length > 3)
            {
                Opcode('(');
            }

            Array.ForEach(values, Number);
            Opcode(
                values.Length switch
                {
                    0 => ')',
                    1 => '\x85',
                    2 => '\x86',
                    3 => '\x87',
                    _ => 't',
                }
            );
            Memoize();
        }

        public byte[] ToArray() => [.. _pickle];
    }

    /// <summary>Lays entries out as the writer of torch.save does.</summary>
    private sealed class ZipWriter : IDisposable
    {
        private const int Alignment = 64;

        // A data descriptor follows, and names are UTF-8.
        private const ushort Flags = 0x0808;

        private readonly MemoryStream _file = new();
        private readonly MemoryStream _directory = new();
        private ushort _count;

        public void Add(string name, ReadOnlySpan<byte> content)
        {
            long offset = _file.Position;
            byte[] nameBytes = Encoding.UTF8.GetBytes(name);
            int start = (int)offset + 30 + nameBytes.Length + 4;
            byte[] padding = new byte[(Alignment - (start % Alignment)) % Alignment];
            Array.Fill(padding, (byte)'Z');
            uint checksum = Checksum(content);

            // Not known yet when the header is written: checksum and sizes are zero here, and stand behind the content.
            Write(
                _file,
                0x04034b50u,
                0,
                Flags,
                0,
                0,
                0,
                0u,
                0u,
                0u,
                (ushort)nameBytes.Length,
                (ushort)(4 + padding.Length)
            );
            _file.Write(nameBytes);
            Write(_file, (ushort)('F' | ('B' << 8)), (ushort)padding.Length);
            _file.Write(padding);
            _file.Write(content);
            Write(_file, 0x08074b50u, checksum, (uint)content.Length, (uint)content.Length);

            Write(_directory, 0x02014b50u, 0, 0, Flags, 0, 0, 0, checksum, (uint)content.Length, (uint)content.Length);
            Write(_directory, (ushort)nameBytes.Length, 0, 0, 0, 0, 0u, (uint)offset);
            _directory.Write(nameBytes);
            _count++;
        }

        public byte[] Finish()
        {
            ulong directory = (ulong)_file.Position;
            ulong length = (ulong)_directory.Length;
            _directory.WriteTo(_file);
            ulong end = (ulong)_file.Position;
            Write(_file, 0x06064b50u, 44ul, 0, 45, 0u, 0u, (ulong)_count, (ulong)_count, length, directory);
            Write(_file, 0x07064b50u, 0u, end, 1u);
            Write(_file, 0x06054b50u, 0, 0, _count, _count, (uint)length, (uint)directory, 0);
            return _file.ToArray();
        }

        public void Dispose()
        {
            _file.Dispose();
            _directory.Dispose();
        }

        private static void Write(Stream stream, params object[] fields)
        {
            foreach (object field in fields)
            {
                stream.Write(
                    field switch
                    {
                        ulong value => BitConverter.GetBytes(value),
                        uint value => BitConverter.GetBytes(value),
                        ushort value => BitConverter.GetBytes(value),
                        _ => BitConverter.GetBytes((ushort)(int)field),
                    }
                );
            }
        }

        private static uint Checksum(ReadOnlySpan<byte> bytes)
        {
            uint sum = uint.MaxValue;
            foreach (byte value in bytes)
            {
                sum ^= value;
                for (int bit = 0; bit < 8; bit++)
                {
                    sum = (sum & 1) != 0 ? (sum >> 1) ^ 0xEDB88320 : sum >> 1;
                }
            }

            return ~sum;
        }
    }
}
