using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tsds.Data.Files;
using Tsds.Jobs.Bundle;

namespace Tsds.Jobs.Explore;

/// <summary>Represents a map that is kept with its selection, so that it is made once.</summary>
/// <remarks>
/// <c>explorer/NAME.map</c>: the SHA-256 of what it was made of, two int32 (rows, targets), two uint16 for each point,
/// and the SHA-256 of all before, little endian.
/// </remarks>
internal sealed class ProjectionFile
{
    private const int HeaderBytes = SHA256.HashSizeInBytes + (2 * sizeof(int));

    private readonly string _name;
    private readonly string _path;
    private readonly byte[] _key;
    private readonly int _rows;
    private readonly int _targets;

    /// <summary>Initializes the file of a map, which may not be there yet.</summary>
    /// <param name="explorer">The selection.</param>
    /// <param name="name">The name of the map.</param>
    /// <param name="version">How such maps are made, another word whenever they come out another way.</param>
    public ProjectionFile(SelectionExplorer explorer, string name, string version)
    {
        string folder = explorer.Manifest.Folder;
        _name = name;
        _path = Path.Combine(folder, ChangedInputs.FolderName, $"{name}.map");
        _key = SHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes(
                $"{version}\n{FileHash.Of(Path.Combine(folder, SelectionFiles.Manifest))}\n"
            )
        );
        _rows = checked((int)explorer.RowCount);
        _targets = explorer.Inputs.Targets.Count;
    }

    /// <summary>Reads the map.</summary>
    /// <returns>The map, or null where it is not there, or is one of something else.</returns>
    public Projection? TryRead()
    {
        long expected = HeaderBytes + (4L * (_rows + _targets)) + SHA256.HashSizeInBytes;
        if (!File.Exists(_path) || new FileInfo(_path).Length != expected)
        {
            return null;
        }

        byte[] bytes = File.ReadAllBytes(_path);
        ReadOnlySpan<byte> content = bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes);
        bool isOurs =
            content.StartsWith(_key)
            && BitConverter.ToInt32(content[SHA256.HashSizeInBytes..]) == _rows
            && SHA256.HashData(content).AsSpan().SequenceEqual(bytes.AsSpan(content.Length));
        return isOurs ? Projection.Of(_name, MemoryMarshal.Cast<byte, ushort>(content[HeaderBytes..]).ToArray()) : null;
    }

    /// <summary>Keeps the map.</summary>
    /// <param name="map">The map.</param>
    public void Write(Projection map)
    {
        byte[] content =
        [
            .. _key,
            .. BitConverter.GetBytes(_rows),
            .. BitConverter.GetBytes(_targets),
            .. MemoryMarshal.AsBytes(map.Places.Span),
        ];
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            AtomicFile.Write(
                _path,
                stream =>
                {
                    stream.Write(content);
                    stream.Write(SHA256.HashData(content));
                }
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be written to is looked at all the same; the map is made again the next time.
        }
    }
}
