namespace Tsds.Data.Files;

/// <summary>A kind of address: how its files are listed and read.</summary>
/// <remarks>
/// A call is tried once; what may succeed later fails with a <see cref="SourceException"/> that says so, and is tried
/// again by the caller.
/// </remarks>
internal interface IFileSource : IDisposable
{
    /// <summary>Gets a value indicating whether finding a file may take long, because it is copied first.</summary>
    bool CopiesFirst => false;

    /// <summary>Determines whether addresses of this scheme are read here.</summary>
    bool Serves(string scheme);

    /// <summary>
    /// Returns the beginning of all addresses in a dataset or bucket, with its slash; of a source without folders, the
    /// address itself.
    /// </summary>
    /// <exception cref="ArgumentException">The address is not complete; the message says what is missing.</exception>
    string RootOf(string address);

    /// <summary>Returns an address as messages show it.</summary>
    string LabelOf(string address) => address;

    /// <summary>Returns the address of the vectors that belong to rows.</summary>
    /// <param name="address">The address of the rows.</param>
    /// <returns>The same address where rows and vectors are different files.</returns>
    string VectorsOf(string address) => address;

    /// <summary>Finds one file.</summary>
    /// <returns>Null if there is no file of that name.</returns>
    Task<RemoteFile?> FindAsync(string address, CancellationToken cancellationToken);

    /// <summary>Lists all files below a folder, those of its folders too, in ordinal order.</summary>
    /// <param name="folder">The address of the folder, with its slash.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>None if there is no such folder.</returns>
    Task<IReadOnlyList<RemoteFile>> ListAsync(string folder, CancellationToken cancellationToken);

    /// <summary>Opens a part of a file.</summary>
    /// <param name="file">A file that was listed or found.</param>
    /// <param name="offset">The first byte.</param>
    /// <param name="count">The bytes from there; all of the file where it has no ranges.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The bytes; fewer if the connection breaks.</returns>
    Task<Stream> OpenAsync(RemoteFile file, long offset, long count, CancellationToken cancellationToken);
}
