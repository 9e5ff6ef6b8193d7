using System.Security.Cryptography;
using System.Text;
using Tsds.Data.Files;

namespace Tsds.Sources.Tables;

/// <summary>Tables with vectors in PostgreSQL and collections of Qdrant, copied to disk before they are read.</summary>
/// <param name="cache">The folder of copies.</param>
/// <param name="allowsHttp">True if other machines may be asked without encryption.</param>
/// <param name="notice">Receives a line for each part that is copied; may be null.</param>
internal sealed class TableSource(string cache, bool allowsHttp, Action<string>? notice) : IFileSource
{
    private const string VectorsSuffix = "part=" + CopyFolder.VectorsName;

    private readonly Dictionary<string, (string Folder, string Digest, FolderLock Lock)> _copies = [];
    private readonly SemaphoreSlim _gate = new(1);

    public bool CopiesFirst => true;

    public bool Serves(string scheme) => scheme is "postgres" or "postgresql" or CollectionAddress.Scheme;

    public string RootOf(string address) => address;

    public string LabelOf(string address) => TableOf(address);

    public string VectorsOf(string address) =>
        address + (address.Contains('?', StringComparison.Ordinal) ? "&" : "?") + VectorsSuffix;

    public async Task<RemoteFile?> FindAsync(string address, CancellationToken cancellationToken)
    {
        bool isVectors = IsVectors(address);
        string table = TableOf(address);
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_copies.TryGetValue(table, out (string Folder, string Digest, FolderLock Lock) copy))
            {
                copy = await CopyAsync(table, cancellationToken).ConfigureAwait(false);
                _copies.Add(table, copy);
            }

            string path = Path.Combine(copy.Folder, isVectors ? CopyFolder.VectorsName : CopyFolder.RowsName);
            return new RemoteFile
            {
                Address = address,
                Location = table,
                Bytes = new FileInfo(path).Length,
                Version = copy.Digest,
                LocalPath = path,
            };
        }
        finally
        {
            _gate.Release();
        }
    }

    public Task<IReadOnlyList<RemoteFile>> ListAsync(string folder, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RemoteFile>>([]);

    public Task<Stream> OpenAsync(RemoteFile file, long offset, long count, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{file.Address} is read from its copy.");

    public void Dispose()
    {
        foreach ((_, _, FolderLock held) in _copies.Values)
        {
            held.Dispose();
        }

        _gate.Dispose();
    }

    private static bool IsVectors(string address) => address.EndsWith(VectorsSuffix, StringComparison.Ordinal);

    private static string TableOf(string address) =>
        IsVectors(address) ? address[..^(VectorsSuffix.Length + 1)] : address;

    private async Task<(string Folder, string Digest, FolderLock Lock)> CopyAsync(
        string table,
        CancellationToken cancellationToken
    )
    {
        bool isCollection = table.StartsWith(CollectionAddress.Scheme + ":", StringComparison.Ordinal);
        TableAddress? address = isCollection ? null : TableAddress.Parse(table);
        CollectionAddress? collection = isCollection ? CollectionAddress.Parse(table, allowsHttp) : null;
        string key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(table)))[..32];
        string folder = Directory.CreateDirectory(Path.Combine(cache, key)).FullName;
        string digest;
        using (
            FolderLock alone =
                FolderLock.TryTake(folder)
                ?? throw new IOException(
                    $"{table}: expected no other run that reads the copy of this table, found one; wait for its end."
                )
        )
        {
            digest = address is not null
                ? await new TableCopy(address, table, folder, notice)
                    .UpdateAsync(cancellationToken)
                    .ConfigureAwait(false)
                : await new CollectionCopy(collection!, table, folder, notice)
                    .UpdateAsync(cancellationToken)
                    .ConfigureAwait(false);
            long bytes = new DirectoryInfo(folder).EnumerateFiles().Sum(file => file.Length);
            FileCacheEntry.Describe(folder, new FileCacheEntry.About(table, digest, bytes));
        }

        return (folder, digest, FolderLock.Share(folder));
    }
}
