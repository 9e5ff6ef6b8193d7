using Tsds.Data.Files;

namespace Tsds.Jobs.Bundle;

/// <summary>A file of a selection, as its manifest has it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash, lower-case hex.</param>
internal sealed record OutputRecord(string Name, long Bytes, string Sha256)
{
    /// <summary>Returns what is known of a file.</summary>
    public static OutputRecord Of(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return new OutputRecord(name, new FileInfo(path).Length, FileHash.Of(path));
    }
}
