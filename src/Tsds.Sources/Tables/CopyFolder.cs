using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Tsds.Data.Files;

namespace Tsds.Sources.Tables;

/// <summary>
/// A folder with the copy of a table or collection: finished chunks, and all of them joined to one file of rows and one
/// of vectors.
/// </summary>
/// <param name="folder">The folder, which exists and is locked.</param>
internal sealed class CopyFolder(string folder)
{
    public const string RowsName = "rows.jsonl";
    public const string VectorsName = "vectors.npy";

    private const string SealName = "digest.txt";
    private const string ChunkEnding = ".json";
    private const string RowsEnding = ".rows";
    private const string VectorsEnding = ".floats";
    private const int MostWriterFloats = 1 << 20;

    /// <summary>Returns a finished chunk, or null.</summary>
    public TableChunk? Find(int number)
    {
        string path = PathOf(number, ChunkEnding);
        return File.Exists(path) ? JsonFile.Read(path, TableJson.Default.TableChunk) : null;
    }

    /// <summary>Begins a chunk.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="label">The address, for messages.</param>
    public ChunkWriter Write(int number, string label) =>
        new(PathOf(number, RowsEnding), PathOf(number, VectorsEnding), label);

    /// <summary>Finishes a chunk whose rows are written.</summary>
    public void Finish(int number, TableChunk chunk) =>
        AtomicFile.Write(
            PathOf(number, ChunkEnding),
            stream => JsonFile.Write(stream, chunk, TableJson.Default.TableChunk)
        );

    /// <summary>Removes the chunks from a number on.</summary>
    public void RemoveFrom(int number)
    {
        for (; File.Exists(PathOf(number, ChunkEnding)); number++)
        {
            File.Delete(PathOf(number, ChunkEnding));
        }
    }

    /// <summary>Returns a digest of what was written for a chunk.</summary>
    public string DigestOf(int number) =>
        FileHash.Of(PathOf(number, RowsEnding)) + FileHash.Of(PathOf(number, VectorsEnding));

    /// <summary>Joins the chunks to one file of rows and one of vectors, unless they are there.</summary>
    /// <returns>The digest of all rows.</returns>
    public string Join(IReadOnlyList<TableChunk> chunks)
    {
        string digest = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', chunks.Select(chunk => chunk.Digest))))
        );
        string seal = Path.Combine(folder, SealName);
        if (File.Exists(seal) && File.ReadAllText(seal) == digest)
        {
            return digest;
        }

        File.Delete(seal);
        AtomicFile.Write(
            Path.Combine(folder, RowsName),
            stream =>
            {
                for (int number = 0; number < chunks.Count; number++)
                {
                    using FileStream part = File.OpenRead(PathOf(number, RowsEnding));
                    part.CopyTo(stream);
                }
            }
        );
        AtomicFile.Create(Path.Combine(folder, VectorsName), path => JoinVectors(chunks, path));
        AtomicFile.WriteText(seal, digest);
        return digest;
    }

    private void JoinVectors(IReadOnlyList<TableChunk> chunks, string path)
    {
        int dimension = chunks[0].Dimension;
        using NpyWriter writer = new(path, dimension);
        float[] values = new float[Math.Max(1, MostWriterFloats / dimension) * dimension];
        for (int number = 0; number < chunks.Count; number++)
        {
            using FileStream part = File.OpenRead(PathOf(number, VectorsEnding));
            int read;
            while ((read = ReadInto(part, values)) > 0)
            {
                writer.Append(values.AsSpan(0, read / sizeof(float)));
            }
        }

        writer.Complete();
    }

    private static int ReadInto(FileStream part, float[] values)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(values.AsSpan());
        return part.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
    }

    private string PathOf(int number, string ending) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"chunk-{number:D6}{ending}"));
}
