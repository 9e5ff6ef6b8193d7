using System.Security.Cryptography;
using System.Text;
using Tsds.Data.Files;

namespace Tsds.Data.Store;

/// <summary>The right to use the cache, until it is disposed; then the cache is brought back to its size.</summary>
internal sealed class VectorCacheLease(VectorCache cache, FileStream sharedLock) : IDisposable
{
    /// <summary>Gets the folder of an embedder, created if needed.</summary>
    public ChunkFolder FolderOf(string identity)
    {
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..32];
        string path = Path.Combine(cache.Folder, name);
        string identityPath = Path.Combine(path, CacheFolder.IdentityName);
        Directory.CreateDirectory(path);
        if (!File.Exists(identityPath))
        {
            string partial = PartialFile.NameFor(identityPath);
            File.WriteAllText(partial, identity + "\n");
            File.Move(partial, identityPath, overwrite: true);
        }

        return new ChunkFolder(path, VectorPrecision.Full, isOrdered: false);
    }

    public void Dispose()
    {
        sharedLock.Dispose();
        cache.Trim();
    }
}
