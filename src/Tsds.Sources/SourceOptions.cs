using Tsds.Data.Files;

namespace Tsds.Sources;

/// <summary>Settings for reading addresses.</summary>
/// <remarks>
/// Tokens and keys come from the environment alone: <c>HF_TOKEN</c> for the hub; <c>AWS_ACCESS_KEY_ID</c>,
/// <c>AWS_SECRET_ACCESS_KEY</c> and the profile that <c>AWS_PROFILE</c> names for object storage.
/// </remarks>
public sealed record SourceOptions
{
    /// <summary>
    /// Gets the server of <c>s3://</c> addresses, or null for the one of the environment, else Amazon's.
    /// </summary>
    public Uri? Endpoint { get; init; }

    /// <summary>
    /// Gets the server of <c>hf://datasets/</c> addresses, or null for <c>HF_ENDPOINT</c>, else Hugging Face's.
    /// </summary>
    public Uri? Hub { get; init; }

    /// <summary>
    /// Gets a value indicating whether other servers than this machine may be read without encryption.
    /// </summary>
    /// <value>The default is false.</value>
    public bool AllowsHttp { get; init; }

    /// <summary>
    /// Gets the folder of what is kept of the files that were read, or null for the user's cache folder.
    /// </summary>
    public string? CacheFolder { get; init; }

    /// <summary>Gets the most to keep, in bytes.</summary>
    /// <value>The default is 20 GB.</value>
    public long MaxCacheBytes { get; init; } = 20_000_000_000;

    /// <summary>
    /// Gets the receiver of lines about what is copied before it is read, and what is asked for again; null for none.
    /// </summary>
    public Action<string>? Notice { get; init; }

    /// <summary>Gets how often a request that fails is sent again before the run ends.</summary>
    /// <value>The default is 8; before anything was read, at most 4.</value>
    public int Tries { get; init; } = 8;

    /// <summary>Gets the time without a byte after which a connection counts as broken.</summary>
    /// <value>The default is 30 seconds.</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the pause before a request is sent again; each further one is twice as long.</summary>
    /// <value>The default is a quarter of a second.</value>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(0.25);

    /// <summary>Creates what sends requests again as these settings say.</summary>
    internal SourceRetry CreateRetry() =>
        new()
        {
            Tries = Tries,
            FirstPause = FirstPause,
            Notice = Notice,
        };
}
