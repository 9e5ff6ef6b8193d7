using System.Text;

namespace Tsds.Tests.Shared;

/// <summary>A folder that belongs to one test and is deleted with it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("tsds-test-").FullName;

    /// <summary>Gets the path of a file or folder below this one.</summary>
    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Writes a file and the folders it lies in.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, byte[] bytes)
    {
        string path = this[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Writes lines as UTF-8, each of them ended.</summary>
    /// <returns>The path of the file.</returns>
    public string Write(string name, params string[] lines) =>
        Write(name, Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
