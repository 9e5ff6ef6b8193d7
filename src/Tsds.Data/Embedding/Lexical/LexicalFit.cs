using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Tsds.Data.Files;

namespace Tsds.Data.Embedding.Lexical;

/// <summary>
/// The result of fitting the lexical embedder, and its file. The file lets later rows and targets be embedded in the
/// same space as the pool.
/// </summary>
/// <param name="Identity">Version and hash of the sample.</param>
/// <param name="SampleRows">The texts of the sample.</param>
/// <param name="Weights">The features and their weights.</param>
/// <param name="Svd">The singular vectors, or null where the sample has no feature.</param>
/// <remarks>
/// The file, little-endian: magic "TSDSLEX1"; the identity as 80 bytes of ASCII padded with zeros; int32 sample rows,
/// features n, components c; n int32 buckets; n float32 weights; c float64 singular values; n·c float32 of right
/// vectors; SHA-256 of all before.
/// </remarks>
internal sealed record LexicalFit(string Identity, int SampleRows, FeatureWeights Weights, TruncatedSvd? Svd)
{
    public const string FileName = "lexical.fit";

    private const int IdentityLength = 80;
    private const int HeaderLength = 8 + IdentityLength + (3 * sizeof(int));

    private static ReadOnlySpan<byte> Magic => "TSDSLEX1"u8;

    /// <summary>Reads the file, or returns null if there is none.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The fit, or null where there is no such file.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or of another version.</exception>
    public static LexicalFit? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] header = new byte[HeaderLength];
        if (!TryFill(stream, hash, header) || !header.AsSpan().StartsWith(Magic))
        {
            throw Damaged(path);
        }

        ReadOnlySpan<byte> name = header.AsSpan(8, IdentityLength);
        int end = name.IndexOf((byte)0);
        ReadOnlySpan<int> counts = MemoryMarshal.Cast<byte, int>(header.AsSpan(8 + IdentityLength));
        (int sampleRows, int features, int components) = (counts[0], counts[1], counts[2]);

        // Only a file of exactly this length is read further: no count in it is trusted with memory.
        long expected =
            HeaderLength + (8L * features) + (8L * components) + (4L * features * components) + SHA256.HashSizeInBytes;
        bool isPossible =
            sampleRows > 0
            && features is >= 0 and <= 1 << TextFeatures.BucketBits
            && components >= 0
            && components <= features;
        if (!isPossible || stream.Length != expected || (long)features * components > Array.MaxLength)
        {
            throw Damaged(path);
        }

        int[] buckets = new int[features];
        float[] weights = new float[features];
        double[] singularValues = new double[components];
        float[] vectors = new float[features * components];
        byte[] sum = new byte[SHA256.HashSizeInBytes];
        bool isWhole =
            TryFill(stream, hash, MemoryMarshal.AsBytes(buckets.AsSpan()))
            && TryFill(stream, hash, MemoryMarshal.AsBytes(weights.AsSpan()))
            && TryFill(stream, hash, MemoryMarshal.AsBytes(singularValues.AsSpan()))
            && TryFill(stream, hash, MemoryMarshal.AsBytes(vectors.AsSpan()))
            && stream.ReadAtLeast(sum, sum.Length, throwOnEndOfStream: false) == sum.Length;
        if (
            !isWhole
            || !hash.GetHashAndReset().AsSpan().SequenceEqual(sum)
            || buckets.Any(bucket => bucket is < 0 or >= 1 << TextFeatures.BucketBits)
        )
        {
            throw Damaged(path);
        }

        string identity = Encoding.ASCII.GetString(end < 0 ? name : name[..end]);
        return identity.StartsWith(LexicalEmbedder.Version + "/", StringComparison.Ordinal)
            ? new LexicalFit(
                identity,
                sampleRows,
                new FeatureWeights(buckets, weights),
                features == 0 ? null : new TruncatedSvd(vectors, components, singularValues)
            )
            : throw new InvalidDataException(
                $"Expected a fit of {LexicalEmbedder.Version} in {path}, found one of {identity}; embed the pool again."
            );
    }

    /// <summary>Writes the file atomically.</summary>
    public void Write(string path)
    {
        string partial = PartialFile.NameFor(path);
        using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
        using (IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256))
        {
            int components = Svd?.SingularValues.Length ?? 0;
            byte[] header = new byte[HeaderLength];
            Magic.CopyTo(header);
            Encoding.ASCII.GetBytes(Identity, header.AsSpan(8, IdentityLength));
            Span<byte> counts = header.AsSpan(8 + IdentityLength);
            BinaryPrimitives.WriteInt32LittleEndian(counts, SampleRows);
            BinaryPrimitives.WriteInt32LittleEndian(counts[4..], Weights.Count);
            BinaryPrimitives.WriteInt32LittleEndian(counts[8..], components);
            Append(stream, hash, header);
            Append(stream, hash, MemoryMarshal.AsBytes(Weights.Buckets));
            Append(stream, hash, MemoryMarshal.AsBytes(Weights.InverseFrequencies));
            Append(stream, hash, MemoryMarshal.AsBytes((Svd?.SingularValues ?? []).AsSpan()));
            for (int column = 0; column < Weights.Count; column++)
            {
                Append(stream, hash, MemoryMarshal.AsBytes(Svd!.RowOf(column)));
            }

            stream.Write(hash.GetHashAndReset());
        }

        File.Move(partial, path, overwrite: true);
    }

    private static bool TryFill(Stream stream, IncrementalHash hash, Span<byte> destination)
    {
        bool isFilled =
            stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false) == destination.Length;
        hash.AppendData(destination);
        return isFilled;
    }

    private static void Append(Stream stream, IncrementalHash hash, ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        hash.AppendData(bytes);
    }

    private static InvalidDataException Damaged(string path) =>
        new($"Expected the fit of a lexical embedder in {path}, found a damaged file; delete it and run again.");
}
