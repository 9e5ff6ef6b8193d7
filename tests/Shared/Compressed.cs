using System.IO.Compression;
using ZstdSharp;

namespace Tsds.Tests.Shared;

/// <summary>Bytes as a compressed file holds them.</summary>
internal static class Compressed
{
    public static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream compressed = new();
        using (GZipStream stream = new(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(bytes);
        }

        return compressed.ToArray();
    }

    public static byte[] Zstandard(byte[] bytes)
    {
        using Compressor compressor = new();
        return compressor.Wrap(bytes).ToArray();
    }
}
