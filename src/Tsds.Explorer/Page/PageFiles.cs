using System.Reflection;

namespace Tsds.Explorer.Page;

/// <summary>Finds the files of the built page: in the folder that a variable names, beside the program, or inside
/// it.</summary>
/// <remarks>The files are listed when the program starts, so that no path from outside ever reaches a disk.</remarks>
internal sealed class PageFiles
{
    private const string FolderName = "page";
    private const string Variable = "TSDS_EXPLORER_PAGE";
    private const string Start = "index.html";

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".json"] = "application/json; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".ico"] = "image/x-icon",
        [".woff2"] = "font/woff2",
        [".txt"] = "text/plain; charset=utf-8",
    };

    private readonly Dictionary<string, Func<Stream>> _files;

    private PageFiles(Dictionary<string, Func<Stream>> files) => _files = files;

    /// <summary>Finds the page.</summary>
    /// <exception cref="FileNotFoundException">It was not built.</exception>
    public static PageFiles Find()
    {
        string folder = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
            ? given
            : Path.Combine(AppContext.BaseDirectory, FolderName);
        Dictionary<string, Func<Stream>> files = InFolder(folder);
        files = files.Count > 0 ? files : InProgram();
        return files.ContainsKey(Start)
            ? new PageFiles(files)
            : throw new FileNotFoundException(
                "Expected the explorer's page beside the program, found none; build it with Node 20 or newer by "
                    + "'npm ci && npm run build' in src/Tsds.Explorer/web, or run ./tsds, which does it."
            );
    }

    /// <summary>Opens a file of the page.</summary>
    /// <param name="path">The path of a request, from a slash on.</param>
    /// <returns>The file with its type, or null where there is none.</returns>
    public (Stream Content, string Type)? TryOpen(string path)
    {
        string name = path is "/" or "" ? Start : path[1..];
        return
            _files.TryGetValue(name, out Func<Stream>? open)
            && Types.TryGetValue(Path.GetExtension(name), out string? type)
            ? (open(), type)
            : null;
    }

    private static Dictionary<string, Func<Stream>> InFolder(string folder) =>
        Directory.Exists(folder)
            ? Directory
                .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .ToDictionary(
                    path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'),
                    path => (Func<Stream>)(() => File.OpenRead(path)),
                    StringComparer.Ordinal
                )
            : [];

    private static Dictionary<string, Func<Stream>> InProgram()
    {
        Assembly program = typeof(PageFiles).Assembly;
        return program
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(FolderName + "/", StringComparison.Ordinal))
            .ToDictionary(
                name => name[(FolderName.Length + 1)..],
                name => (Func<Stream>)(() => program.GetManifestResourceStream(name)!),
                StringComparer.Ordinal
            );
    }
}
