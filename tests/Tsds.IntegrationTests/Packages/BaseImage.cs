using System.Formats.Tar;
using System.IO.Compression;

namespace Tsds.IntegrationTests.Packages;

/// <summary>
/// The layer of a base image: the libraries of this machine that the program asks its loader for, a folder for
/// temporary files, and nothing else. No shell is among them, as in the base that images are published on.
/// </summary>
internal static class BaseImage
{
    // What the runtime opens by name, to hash.
    private static readonly string[] Opened = ["libssl.so.3", "libcrypto.so.3"];

    /// <summary>Returns the files as an archive.</summary>
    public static async Task<byte[]> WriteLayerAsync()
    {
        using MemoryStream bytes = new();
        await using (TarWriter tar = new(bytes, leaveOpen: true))
        {
            foreach (string library in await LibrariesAsync())
            {
                await using FileStream content = File.OpenRead(library);
                tar.WriteEntry(
                    new UstarTarEntry(TarEntryType.RegularFile, library[1..])
                    {
                        Mode = (UnixFileMode)0b111_101_101,
                        DataStream = content,
                    }
                );
            }

            tar.WriteEntry(
                new UstarTarEntry(TarEntryType.Directory, "tmp")
                {
                    Mode = (UnixFileMode)0b111_111_111 | UnixFileMode.StickyBit,
                }
            );
        }

        return bytes.ToArray();
    }

    /// <summary>Returns an archive compressed.</summary>
    public static byte[] Compress(byte[] tar)
    {
        using MemoryStream bytes = new();
        using (GZipStream gzip = new(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar);
        }

        return bytes.ToArray();
    }

    private static async Task<IEnumerable<string>> LibrariesAsync()
    {
        string folder = Path.Combine(Repository.Root, "artifacts/standalone/publish/Tsds.Cli/release_linux-x64");
        string[] natives = [Path.Combine(folder, "Tsds.Cli"), .. Directory.GetFiles(folder, "*.so")];
        SortedSet<string> libraries = new(StringComparer.Ordinal);
        CliResult result = await Distributed.RunAsync(folder, "/usr/bin/ldd", natives, ("PATH", "/usr/bin:/bin"));
        foreach (string line in result.Out.Split('\n').Where(line => line.StartsWith('\t')))
        {
            // "libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x...)", or the loader's own path alone.
            libraries.UnionWith(line.Split(' ', '\t').Where(word => word.StartsWith('/')));
        }

        string system = Path.GetDirectoryName(
            libraries.Single(path => path.EndsWith("/libc.so.6", StringComparison.Ordinal))
        )!;
        libraries.UnionWith(Opened.Select(name => Path.Combine(system, name)));
        return libraries;
    }
}
