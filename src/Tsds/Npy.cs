using System.Runtime.InteropServices;
using System.Text;
using Tsds.Pools;

namespace Tsds;

/// <summary>Reads and writes NumPy's .npy files.</summary>
public static class Npy
{
    /// <summary>Reads the shape and element type of a file of embeddings from its header.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its shape.</returns>
    /// <exception cref="FileNotFoundException">The file does not exist.</exception>
    /// <exception cref="InvalidDataException">The file is not usable; the message names it.</exception>
    public static VectorShape ReadShape(string path) => SourceOf(path).ReadShape();

    /// <summary>
    /// Reads files of embeddings into memory, one after the other, as float32 without changing the values.
    /// </summary>
    /// <param name="paths">The files, at least one.</param>
    /// <returns>Shape [rows of all files, dimension]. Rows are checked where they are used.</returns>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is not usable, dimensions differ, or there is more than fits an
    /// array.</exception>
    public static EmbeddingMatrix ReadEmbeddings(IReadOnlyList<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return VectorSource.ReadEmbeddings([.. paths.Select(SourceOf)]);
    }

    /// <summary>Writes integers as a 1-D int64 array.</summary>
    /// <param name="path">A file that does not exist yet.</param>
    /// <param name="values">The numbers.</param>
    /// <exception cref="IOException">The file exists or cannot be written.</exception>
    public static void WriteInt64(string path, ReadOnlySpan<long> values)
    {
        using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write);
        stream.Write(Header("<i8", $"({values.Length},)"));
        stream.Write(MemoryMarshal.AsBytes(values));
    }

    /// <summary>Creates the source for a path, whatever characters the path contains.</summary>
    internal static VectorSource SourceOf(string path) => new([new VectorFile(path)]);

    /// <summary>The length in bytes of the headers that this class writes.</summary>
    internal const int HeaderLength = 128;

    /// <summary>Returns a version 1.0 header, padded with spaces to 128 bytes.</summary>
    internal static byte[] Header(string description, string shape)
    {
        string text = $"{{'descr': '{description}', 'fortran_order': False, 'shape': {shape}, }}";
        byte[] header = new byte[HeaderLength];
        NpyHeader.Magic.CopyTo(header);
        header[6] = 1;
        header[8] = HeaderLength - 10;
        header.AsSpan(10).Fill((byte)' ');
        Encoding.ASCII.GetBytes(text, header.AsSpan(10));
        header[^1] = (byte)'\n';
        return header;
    }
}
