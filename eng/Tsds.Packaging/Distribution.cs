using System.Security.Cryptography;
using System.Text;
using Tsds.Cli;
using Tsds.Data.Embedding;

namespace Tsds.Packaging;

/// <summary>
/// What people get who have no SDK: an archive and a wheel for each platform, one wheel for each model, and checksums.
/// </summary>
internal sealed class Distribution
{
    // The largest file that the index of Python's packages takes without being asked.
    private const long MostWheelBytes = 100L << 20;
    private const string Natives = ".so;.dylib;.dll";

    /// <summary>The module for servers that run inside IIS, which the explorer's server does not.</summary>
    private const string IisModule = "aspnetcorev2_inprocess.dll";
    private const string Models = "SentenceTransformers.";
    private const string Prefix = "tsds-";

    private readonly string _root;
    private readonly string _version;
    private readonly string _out;

    /// <summary>Initializes a distribution of the sources in a folder.</summary>
    /// <param name="root">The root of the repository, in which everything was published.</param>
    /// <param name="version">The version.</param>
    public Distribution(string root, string version)
    {
        _root = root;
        _version = version;
        _out = Directory.CreateDirectory(Path.Combine(root, "artifacts", "dist")).FullName;
    }

    /// <summary>
    /// Writes the archive and the wheel of a platform, and reads them back, and the package of the .NET tool if it was
    /// made.
    /// </summary>
    /// <returns>Their paths.</returns>
    /// <exception cref="InvalidDataException">A wheel is larger than allowed, no policy allows its native files, or
    /// what was written would not run on the platform.</exception>
    public IReadOnlyList<string> WriteChecked(string rid)
    {
        PackedFile[] program = [.. Program(rid)];
        PackedFile[] shared = [.. Shared()];
        PackedFile[] licences = [.. Licences(rid)];
        string archive = WriteArchive(rid, program, shared, licences);
        PackageCheck.CheckArchive(archive, rid);
        string wheel = WriteWheel(rid, program, shared, licences);
        PackageCheck.CheckWheel(wheel, rid);
        string tool = Path.Combine(_out, $"Tsds.Cli.{rid}.{_version}.nupkg");
        if (File.Exists(tool))
        {
            PackageCheck.CheckTool(tool, rid);
        }

        return [archive, wheel];
    }

    /// <summary>Writes the licences of all parts beside the program, for the image that is made of it.</summary>
    public void WriteNotices(string rid)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Published(rid), "licenses")).FullName;
        foreach (PackedFile licence in Licences(rid))
        {
            using Stream content = licence.Open();
            using FileStream file = File.Create(Path.Combine(folder, licence.Path));
            content.CopyTo(file);
        }
    }

    /// <summary>Writes a wheel for each model, which lies beside the program once both are installed.</summary>
    /// <param name="rid">A platform that was published; the models are those of all.</param>
    /// <returns>Their paths.</returns>
    public IReadOnlyList<string> WriteModels(string rid) =>
        [
            .. PackagedModel.All.Select(model =>
                Write(
                    new Wheel(Prefix + model.Name, _version, "any"),
                    ModelFiles(rid)
                        .Where(file => file.Path == model.FileName)
                        .Select(file => file with { Path = "tsds/bin/" + file.Path }),
                    Metadata($"The model of the embedder {model.Name}, for tsds", "Apache-2.0 AND MIT", ["NOTICE"]),
                    null,
                    [Given("NOTICE", "src/Tsds.Models/NOTICE")]
                )
            ),
        ];

    /// <summary>Writes <c>SHA256SUMS</c> over every file in the folder.</summary>
    public string WriteChecksums()
    {
        string path = Path.Combine(_out, "SHA256SUMS");
        StringBuilder lines = new();
        foreach (string file in Directory.GetFiles(_out).Order(StringComparer.Ordinal).Where(file => file != path))
        {
            using FileStream content = File.OpenRead(file);
            lines.Append($"{Convert.ToHexStringLower(SHA256.HashData(content))}  {Path.GetFileName(file)}\n");
        }

        File.WriteAllText(path, lines.ToString());
        return path;
    }

    private string Assets => Path.Combine(_root, "artifacts", "standalone", "obj", "Tsds.Cli", "project.assets.json");

    private string Published(string rid) =>
        Path.Combine(_root, "artifacts", "standalone", "publish", "Tsds.Cli", "release_" + rid);

    private static bool IsWindows(string rid) => rid.StartsWith("win-", StringComparison.Ordinal);

    // The folders are those below /usr/local or ~/.local: unpacked there, everything is where it is looked for.
    private string WriteArchive(string rid, PackedFile[] program, PackedFile[] shared, PackedFile[] licences)
    {
        string name = $"tsds-{_version}-{rid}";
        IEnumerable<PackedFile> documents = licences.Append(Given("README.md", "README.md"));
        PackedFile[] models = [.. ModelFiles(rid)];
        if (IsWindows(rid))
        {
            string zip = Path.Combine(_out, name + ".zip");
            Archive.WriteZip(zip, Below(name, [.. program, .. models, .. documents]));
            return zip;
        }

        string tar = Path.Combine(_out, name + ".tar.gz");
        Archive.WriteTarGz(
            tar,
            [
                .. Below(name + "/lib/tsds", [.. program, .. models]),
                .. Below(name + "/share/doc/tsds", documents),
                .. Below(name, shared),
                new PackedFile(name + "/bin/tsds", null) { LinkTarget = "../lib/tsds/tsds" },
            ]
        );
        return tar;
    }

    private string WriteWheel(string rid, PackedFile[] program, PackedFile[] shared, PackedFile[] licences)
    {
        string[] natives =
        [
            .. program
                .Where(file => !file.Path.EndsWith(".json", StringComparison.Ordinal))
                .Select(file => file.Source!),
        ];
        Wheel wheel = new("tsds", _version, PlatformTag.Of(rid, natives));
        return Write(
            wheel,
            [
                .. Below("tsds/bin", program),
                .. Module(),
                .. IsWindows(rid) ? [] : Below($"tsds-{_version}.data/data", shared),
            ],
            Metadata(
                "Selects fine-tuning data: from a pool, the rows that a task's few examples ask for",
                "Apache-2.0",
                [.. licences.Select(licence => licence.Path)],
                "Provides-Extra: models\n"
                    + string.Concat(
                        PackagedModel.All.Select(model => $"Requires-Dist: {Prefix}{model.Name}; extra == \"models\"\n")
                    )
            ),
            "[console_scripts]\ntsds = tsds.__main__:main\n",
            licences
        );
    }

    private string Write(
        Wheel wheel,
        IEnumerable<PackedFile> files,
        string metadata,
        string? entryPoints,
        IEnumerable<PackedFile> licences
    )
    {
        string path = wheel.Write(_out, files, metadata, entryPoints, licences);
        long bytes = new FileInfo(path).Length;
        return bytes <= MostWheelBytes
            ? path
            : throw new InvalidDataException(
                $"Expected a wheel of at most {MostWheelBytes} bytes, which is what an index of packages takes; "
                    + $"found {bytes} in {path}."
            );
    }

    private IEnumerable<PackedFile> Program(string rid)
    {
        string folder = Published(rid);
        string extension = IsWindows(rid) ? ".exe" : "";
        yield return new PackedFile("tsds" + extension, Path.Combine(folder, "Tsds.Cli" + extension))
        {
            IsProgram = true,
        };
        foreach (string file in Directory.GetFiles(folder).Order(StringComparer.Ordinal))
        {
            string name = Path.GetFileName(file);
            if (
                Natives.Split(';').Contains(Path.GetExtension(name))
                && !name.StartsWith(Models, StringComparison.Ordinal)
                && name != IisModule
            )
            {
                yield return new PackedFile(name, file) { IsProgram = true };
            }
        }
    }

    private IEnumerable<PackedFile> ModelFiles(string rid) =>
        Directory
            .GetFiles(Published(rid), Models + "*.dll")
            .Select(file => new PackedFile(Path.GetFileName(file), file));

    private IEnumerable<PackedFile> Shared()
    {
        yield return Completion("bash-completion/completions/tsds", "tsds.bash");
        yield return Completion("zsh/site-functions/_tsds", "_tsds");
        yield return Completion("fish/vendor_completions.d/tsds.fish", "tsds.fish");
        yield return new PackedFile("share/man/man1/tsds.1", null, ManPage.Render(_version, Application.HelpPages()));
    }

    private PackedFile Completion(string path, string name) =>
        Given("share/" + path, "src/Tsds.Cli/Completions/" + name);

    private IEnumerable<PackedFile> Licences(string rid) =>
        [
            Given("LICENSE", "LICENSE"),
            Given("NOTICE", "NOTICE"),
            Given("NOTICE-models", "src/Tsds.Models/NOTICE"),
            Given("THIRD-PARTY-explorer.txt", "src/Tsds.Explorer/web/dist/licenses.txt"),
            new("THIRD-PARTY.txt", null, ThirdParties.Describe(Assets, rid)),
        ];

    private IEnumerable<PackedFile> Module()
    {
        string folder = Path.Combine(_root, "python", "tsds");
        yield return new PackedFile("tsds/_version.py", null, $"version = \"{_version}\"\n");
        foreach (string file in Directory.GetFiles(folder))
        {
            if (Path.GetExtension(file) is ".py" or ".typed" && Path.GetFileName(file) != "_version.py")
            {
                yield return new PackedFile("tsds/" + Path.GetFileName(file), file);
            }
        }
    }

    private string Metadata(string summary, string licence, IReadOnlyList<string> licenceFiles, string more = "")
    {
        StringBuilder fields = new($"Summary: {summary}\nLicense-Expression: {licence}\n");
        foreach (string file in licenceFiles)
        {
            fields.Append($"License-File: {file}\n");
        }

        fields.Append("Requires-Python: >=3.9\n").Append(more);
        fields.Append("Description-Content-Type: text/markdown\n\n");
        return fields.Append(File.ReadAllText(Path.Combine(_root, "docs", "python.md"))).ToString();
    }

    private PackedFile Given(string path, string source) => new(path, Path.Combine(_root, source));

    private static IEnumerable<PackedFile> Below(string folder, IEnumerable<PackedFile> files) =>
        files.Select(file => file with { Path = $"{folder}/{file.Path}" });
}
