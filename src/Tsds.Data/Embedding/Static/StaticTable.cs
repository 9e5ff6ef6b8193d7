using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Tsds.Data.Tokens;

namespace Tsds.Data.Embedding.Static;

/// <summary>
/// A table with a vector for each word piece of a BERT vocabulary, eight bits a component, computed by a transformer
/// from each piece alone.
/// </summary>
/// <remarks>
/// The file, little-endian: magic "TSDSSTA1"; int32 pieces n, dimension d, bytes v of the vocabulary; v bytes of UTF-8,
/// the pieces one a line; n float32 scales; n·d signed bytes; SHA-256 of all before. A piece's vector is its bytes
/// times its scale; a scale of 0 marks a piece that carries no meaning. <c>bench/Tsds.Distill</c> makes the table.
/// </remarks>
internal sealed class StaticTable
{
    private const int HeaderLength = 8 + (3 * sizeof(int));
    private const string ResourceName = "minilm.static";

    private static readonly Lazy<StaticTable> BuiltInTable = new(ReadBuiltIn);

    private readonly string[] _pieces;
    private readonly float[] _scales;
    private readonly sbyte[] _values;

    /// <summary>Initializes a table.</summary>
    /// <param name="pieces">The word pieces; the number of each is its place.</param>
    /// <param name="scales">The scale of each; 0 if a piece carries no meaning.</param>
    /// <param name="values">Shape [pieces, dimension].</param>
    public StaticTable(string[] pieces, float[] scales, sbyte[] values)
    {
        (_pieces, _scales, _values) = (pieces, scales, values);
        Dimension = values.Length / pieces.Length;
        using MemoryStream bytes = new();
        Write(bytes);
        Hash = Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()))[..32];
    }

    /// <summary>Gets the table that this library carries.</summary>
    public static StaticTable BuiltIn => BuiltInTable.Value;

    /// <summary>Gets the length of the vectors.</summary>
    public int Dimension { get; }

    /// <summary>Gets the number of pieces.</summary>
    public int Count => _pieces.Length;

    /// <summary>Gets the hash of the file.</summary>
    public string Hash { get; }

    /// <summary>Gets the scale of each piece; 0 if one carries no meaning.</summary>
    public ReadOnlySpan<float> Scales => _scales;

    /// <summary>Gets the bytes of a piece.</summary>
    public ReadOnlySpan<sbyte> this[int piece] => _values.AsSpan(piece * Dimension, Dimension);

    /// <summary>Reads a table from the bytes of its file.</summary>
    /// <param name="file">The whole file.</param>
    /// <exception cref="InvalidDataException">It is damaged, or something else.</exception>
    public static StaticTable Read(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderLength + SHA256.HashSizeInBytes || !file.StartsWith("TSDSSTA1"u8))
        {
            throw Damaged();
        }

        ReadOnlySpan<byte> content = file[..^SHA256.HashSizeInBytes];
        int count = BinaryPrimitives.ReadInt32LittleEndian(content[8..]);
        int dimension = BinaryPrimitives.ReadInt32LittleEndian(content[12..]);
        int vocabulary = BinaryPrimitives.ReadInt32LittleEndian(content[16..]);
        long expected = HeaderLength + (long)vocabulary + ((sizeof(float) + (long)dimension) * count);
        if (
            count <= 0
            || dimension <= 0
            || vocabulary < 0
            || content.Length != expected
            || !SHA256.HashData(content).AsSpan().SequenceEqual(file[^SHA256.HashSizeInBytes..])
        )
        {
            throw Damaged();
        }

        string[] pieces = Encoding.UTF8.GetString(content.Slice(HeaderLength, vocabulary)).Split('\n');
        ReadOnlySpan<byte> numbers = content[(HeaderLength + vocabulary)..];
        return pieces.Length == count
            ? new StaticTable(
                pieces,
                MemoryMarshal.Cast<byte, float>(numbers[..(sizeof(float) * count)]).ToArray(),
                MemoryMarshal.Cast<byte, sbyte>(numbers[(sizeof(float) * count)..]).ToArray()
            )
            : throw Damaged();
    }

    /// <summary>Writes the file.</summary>
    public void Write(Stream stream)
    {
        byte[] vocabulary = Encoding.UTF8.GetBytes(string.Join('\n', _pieces));
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] header = new byte[HeaderLength];
        "TSDSSTA1"u8.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Count);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), Dimension);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), vocabulary.Length);
        Append(header);
        Append(vocabulary);
        Append(MemoryMarshal.AsBytes(_scales.AsSpan()));
        Append(MemoryMarshal.AsBytes(_values.AsSpan()));
        stream.Write(hash.GetHashAndReset());

        void Append(ReadOnlySpan<byte> bytes)
        {
            stream.Write(bytes);
            hash.AppendData(bytes);
        }
    }

    /// <summary>Opens the tokenizer of the vocabulary.</summary>
    public TextTokenizer OpenTokenizer() =>
        WordPieces.Open(Encoding.UTF8.GetBytes(string.Join('\n', _pieces) + "\n"), lowerCases: true);

    private static StaticTable ReadBuiltIn()
    {
        using Stream stream = typeof(StaticTable).Assembly.GetManifestResourceStream(ResourceName)!;
        byte[] file = new byte[stream.Length];
        stream.ReadExactly(file);
        return Read(file);
    }

    private static InvalidDataException Damaged() =>
        new("Expected a table of word pieces, found a damaged file; install Tsds.Data again.");
}
