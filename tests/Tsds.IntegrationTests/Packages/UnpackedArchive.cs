using System.Formats.Tar;
using System.IO.Compression;

namespace Tsds.IntegrationTests.Packages;

/// <summary>The archive for Linux, unpacked once for all tests that run or read what is in it.</summary>
public sealed class UnpackedArchive : IDisposable
{
    private readonly TestFolder _folder = new();

    public UnpackedArchive()
    {
        using FileStream file = File.OpenRead(Distributed.Find("*linux-x64.tar.gz"));
        using GZipStream gzip = new(file, CompressionMode.Decompress);
        TarFile.ExtractToDirectory(gzip, _folder.Root, overwriteFiles: false);
        Root = Assert.Single(Directory.GetDirectories(_folder.Root));
    }

    /// <summary>Gets the only folder of the archive.</summary>
    public string Root { get; }

    /// <summary>Gets the program.</summary>
    public string Program => Path.Combine(Root, "bin/tsds");

    public void Dispose() => _folder.Dispose();
}
