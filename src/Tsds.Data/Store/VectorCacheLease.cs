using System.Security.Cryptography;
using System.Text;
using Tsds.Data.Files;

namespace Tsds.Data.Store;

/// <summary>A shared lock on the cache. When it is disposed, the cache is trimmed to its limit.</summary>
internal sealed class VectorCacheLease(VectorCache cache, FolderLock sharedLock) : IDisposable
{
    /// <summary>Returns the folder of an embedder, which is created if needed.</summary>
    public ChunkFolder FolderOf(string identity)
    {
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..32];
        string path = Path.Combine(cache.Folder, name);
        string identityPath = Path.Combine(path, CacheFolder.IdentityName);
        Directory.CreateDirectory(path);
        if (!File.Exists(identityPath))
        {
            AtomicFile.WriteText(identityPath, identity + "\n");
        }

        return new ChunkFolder(path, VectorPrecision.Full, isOrdered: false);
    }

    public void Dispose()
    {
        sharedLock.Dispose();
        cache.Trim();
    }
}
