using Tsds.Data.Files;
using Tsds.Data.Store;
using Tsds.Sources.Http;
using Tsds.Sources.Hub;
using Tsds.Sources.S3;
using Tsds.Sources.Tables;

namespace Tsds.Sources;

/// <summary>
/// A time in which addresses such as <c>hf://datasets/ORG/NAME</c>, <c>s3://BUCKET/PREFIX</c> and
/// <c>https://HOST/FILE</c> can be given wherever the path of a file of rows or vectors can.
/// </summary>
/// <remarks>
/// It covers what the caller starts after <see cref="Open"/>, in the same asynchronous method or below.
/// </remarks>
public sealed class SourceSession : IDisposable
{
    private readonly FileSources _sources;

    private SourceSession(FileSources sources)
    {
        _sources = sources;
    }

    /// <summary>Opens a session; nothing is read before an address is.</summary>
    /// <param name="options">How addresses are read; null for the defaults.</param>
    /// <param name="cancellationToken">Stops what reads addresses.</param>
    public static SourceSession Open(SourceOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SourceOptions();
        string folder = new VectorCache(options.CacheFolder).Folder;
        WebRequests web = new(options.AllowsHttp);
        FileSources sources = new(
            [
                new HttpSource(web),
                new HubSource(HubSource.EndpointOf(options), web, new S3Source(S3Settings.Gateway(options))),
                new S3Source(S3Settings.Of(options)),
                new TableSource(Path.Combine(folder, FileCache.FolderName), options.AllowsHttp, options.Notice),
            ],
            new FileCache(Path.Combine(folder, FileCache.FolderName), options.MaxCacheBytes),
            cancellationToken
        )
        {
            Patience = options.Patience,
            Retry = options.CreateRetry(),
        };
        FileSources.Use(sources);
        return new SourceSession(sources);
    }

    /// <summary>Ends the session.</summary>
    public void Dispose()
    {
        FileSources.Use(null);
        _sources.Dispose();
    }
}
