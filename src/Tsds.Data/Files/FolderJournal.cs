using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tsds.Data.Files;

/// <summary>
/// The list of files that a commit moves into an existing folder, written before the first file moves.
/// </summary>
/// <param name="Files">The files.</param>
/// <param name="Folders">The folders that are created for them, parents first.</param>
internal sealed partial record FolderJournal(
    IReadOnlyList<FolderJournal.PlacedFile> Files,
    IReadOnlyList<string> Folders
)
{
    /// <summary>A file as it was when it was moved, so that files changed since are kept.</summary>
    /// <param name="Name">The path below the folder.</param>
    /// <param name="Bytes">The size.</param>
    /// <param name="WrittenTicks">The time of the last write, UTC.</param>
    internal sealed record PlacedFile(string Name, long Bytes, long WrittenTicks)
    {
        /// <summary>Describes a file below a folder.</summary>
        public static PlacedFile Of(string folder, string name)
        {
            FileInfo file = new(Path.Combine(folder, name));
            return new PlacedFile(name, file.Length, file.LastWriteTimeUtc.Ticks);
        }
    }

    /// <summary>Reads a journal.</summary>
    /// <returns>Null if there is none.</returns>
    public static FolderJournal? TryRead(string path) =>
        File.Exists(path)
            ? JsonSerializer.Deserialize(File.ReadAllBytes(path), JournalJson.Default.FolderJournal)
            : null;

    /// <summary>Writes the journal, whole or not at all.</summary>
    public void Write(string path) =>
        AtomicFile.Write(path, stream => JsonSerializer.Serialize(stream, this, JournalJson.Default.FolderJournal));

    [JsonSerializable(typeof(FolderJournal))]
    private sealed partial class JournalJson : JsonSerializerContext;
}
