using System.IO.Compression;
using System.Text;
using ZstdSharp;

namespace Tsds.Tests.Data.Rows;

/// <summary>A folder of one test's own, gone with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tsds-rows-").FullName;

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    public static byte[] Zstandard(byte[] bytes)
    {
        using var compressor = new Compressor();
        return compressor.Wrap(bytes).ToArray();
    }

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, byte[] bytes)
    {
        string path = Of(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string Write(string name, params string[] lines) =>
        Write(name, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
