using Tsds.Jobs.Inputs;

namespace Tsds.Cli.Options;

/// <summary>A copy of standard input on disk. Rows are read more than once, and a pipe can be read only once.</summary>
internal sealed class StandardInputFile : IDisposable
{
    private StandardInputFile(string path)
    {
        Path = path;
    }

    /// <summary>Gets the path of the copy.</summary>
    public string Path { get; }

    /// <summary>Copies standard input if one of the paths refers to it.</summary>
    /// <param name="paths">The paths of a command; <c>-</c> is standard input.</param>
    /// <param name="cancellationToken">Stops the copying.</param>
    /// <returns>The copy, gone when disposed; null when no path asks for it.</returns>
    /// <exception cref="ArgumentException">It is asked for twice, or a person sits at it.</exception>
    public static async Task<StandardInputFile?> CopyAsync(
        IEnumerable<string> paths,
        CancellationToken cancellationToken
    )
    {
        int count = paths.Count(path => path == JobFiles.StandardInput);
        if (count == 0)
        {
            return null;
        }

        if (count > 1)
        {
            throw new ArgumentException(
                "- stands for standard input, which can be read as one file only, found it twice."
            );
        }

        if (!Console.IsInputRedirected)
        {
            throw new ArgumentException(
                "- stands for standard input: expected rows from a pipe or a file, found a terminal."
            );
        }

        var copy = new StandardInputFile(
            System.IO.Path.Combine(System.IO.Path.GetTempPath(), System.IO.Path.GetRandomFileName())
        );
        try
        {
            using Stream input = Console.OpenStandardInput();
            using FileStream file = new(copy.Path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
            await input.CopyToAsync(file, 1 << 20, cancellationToken).ConfigureAwait(false);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    public void Dispose() => File.Delete(Path);
}
