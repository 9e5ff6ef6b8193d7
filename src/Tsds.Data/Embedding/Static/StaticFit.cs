using System.Text;
using Tsds.Data.Files;

namespace Tsds.Data.Embedding.Static;

/// <summary>
/// The result of fitting the static embedder, and its file: the weight of each word piece in this pool.
/// </summary>
/// <param name="Identity">Version, table and hash of the sample.</param>
/// <param name="SampleRows">The texts of the sample.</param>
/// <param name="Weights">The weight of each piece.</param>
/// <remarks>
/// The file, little-endian: magic "TSDSSTF1"; the identity as 80 bytes of ASCII padded with zeros; int32 sample rows,
/// pieces n; n float32 weights; SHA-256 of all before.
/// </remarks>
internal sealed record StaticFit(string Identity, int SampleRows, float[] Weights)
{
    public const string FileName = "static.fit";

    private const int IdentityLength = 80;

    private static ReadOnlySpan<byte> Magic => "TSDSSTF1"u8;

    /// <summary>Reads the file, or returns null if it does not exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="table">The table whose pieces are weighed.</param>
    /// <returns>The fit, or null if there is no such file.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or of another version or table.</exception>
    public static StaticFit? Read(string path, StaticTable table)
    {
        if (!FileSources.Exists(path))
        {
            return null;
        }

        StaticFit fit =
            SealedFile.TryRead(path, Parse)
            ?? throw new InvalidDataException(
                $"Expected the fit of a static embedder in {path}, found a damaged file; delete it and run again."
            );
        string version = StaticEmbedder.VersionOf(table);
        return fit.Identity.StartsWith(version + "/", StringComparison.Ordinal) && fit.Weights.Length == table.Count
            ? fit
            : throw new InvalidDataException(
                $"Expected a fit of {version} in {path}, found one of {fit.Identity}; embed the pool again."
            );
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
                writer.WriteArray<float>(Weights);
            }
        );

    private static StaticFit? Parse(BinaryReader reader)
    {
        if (!reader.ReadBytes(Magic.Length).AsSpan().SequenceEqual(Magic))
        {
            return null;
        }

        string identity = Encoding.ASCII.GetString(reader.ReadBytes(IdentityLength)).TrimEnd('\0');
        return new StaticFit(identity, reader.ReadInt32(), reader.ReadArray<float>());
    }
}
