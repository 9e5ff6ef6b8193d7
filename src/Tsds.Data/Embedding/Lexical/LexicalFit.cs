using System.Runtime.InteropServices;
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
/// <param name="Svd">The singular vectors, or null if the sample has no feature.</param>
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
    /// <returns>The fit, or null if there is no such file.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or of another version.</exception>
    public static LexicalFit? Read(string path)
    {
        if (!FileSources.Exists(path))
        {
            return null;
        }

        return SealedFile.TryRead(path, reader => Parse(reader, path)) ?? throw Damaged(path);
    }

    /// <summary>Writes the file atomically.</summary>
    public void Write(string path) =>
        SealedFile.Write(
            path,
            writer =>
            {
                writer.Write(Magic);
                byte[] identity = new byte[IdentityLength];
                Encoding.ASCII.GetBytes(Identity, identity);
                writer.Write(identity);
                writer.Write(SampleRows);
                writer.Write(Weights.Count);
                writer.Write(Svd?.SingularValues.Length ?? 0);
                writer.Write(MemoryMarshal.AsBytes(Weights.Buckets));
                writer.Write(MemoryMarshal.AsBytes(Weights.InverseFrequencies));
                writer.Write(MemoryMarshal.AsBytes((Svd?.SingularValues ?? []).AsSpan()));
                for (int column = 0; column < Weights.Count; column++)
                {
                    writer.Write(MemoryMarshal.AsBytes(Svd!.RowOf(column)));
                }
            }
        );

    private static LexicalFit? Parse(BinaryReader reader, string path)
    {
        if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic))
        {
            return null;
        }

        ReadOnlySpan<byte> name = reader.ReadBytes(IdentityLength);
        int end = name.IndexOf((byte)0);
        (int sampleRows, int features, int components) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());

        // Only a file of exactly this length is read further: no count in it is trusted with memory.
        long expected =
            HeaderLength + (8L * features) + (8L * components) + (4L * features * components) + SealedFile.SealLength;
        bool isPossible =
            sampleRows > 0
            && features is >= 0 and <= 1 << TextFeatures.BucketBits
            && components >= 0
            && components <= features;
        if (!isPossible || reader.BaseStream.Length != expected || (long)features * components > Array.MaxLength)
        {
            return null;
        }

        int[] buckets = new int[features];
        float[] weights = new float[features];
        double[] singularValues = new double[components];
        float[] vectors = new float[features * components];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(buckets.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(weights.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(singularValues.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(vectors.AsSpan()));
        if (buckets.Any(bucket => bucket is < 0 or >= 1 << TextFeatures.BucketBits))
        {
            return null;
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

    private static InvalidDataException Damaged(string path) =>
        new($"Expected the fit of a lexical embedder in {path}, found a damaged file; delete it and run again.");
}
