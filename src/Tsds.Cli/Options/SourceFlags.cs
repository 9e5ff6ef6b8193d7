using System.CommandLine;
using Tsds.Sources;

namespace Tsds.Cli.Options;

/// <summary>The options that say how addresses are read: the same in every command that takes paths.</summary>
internal sealed class SourceFlags
{
    private const string EndpointName = "--endpoint";
    private const string AllowHttpName = "--allow-http";

    public Option<string> Endpoint { get; } =
        new(EndpointName)
        {
            HelpName = "URL",
            Description = "The server of s3:// addresses, such as MinIO's or R2's. Default: Amazon's.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public Option<bool> AllowHttp { get; } =
        new(AllowHttpName)
        {
            Description = "Read http:// addresses of other machines, which are not encrypted.",
            Arity = ArgumentArity.Zero,
        };

    /// <summary>Gets both options.</summary>
    public IReadOnlyList<Option> All => [Endpoint, AllowHttp];

    /// <summary>Reads how a command reaches addresses.</summary>
    /// <param name="reader">What was given.</param>
    /// <param name="options">The options of the command.</param>
    /// <param name="notice">Receives lines about what is copied first, and what is asked for again.</param>
    /// <returns>Null for a command that takes no addresses.</returns>
    /// <exception cref="ArgumentException">The server is not named by a URL.</exception>
    public static SourceOptions? Read(OptionReader reader, IReadOnlyList<Option> options, Action<string> notice)
    {
        if (options.FirstOrDefault(option => option.Name == EndpointName) is not { } endpoint)
        {
            return null;
        }

        SourceOptions sources = new() { Notice = notice };
        if (reader.Find(endpoint) is { } given)
        {
            bool isUrl = Uri.TryCreate(given.Text, UriKind.Absolute, out Uri? url) && url.Scheme is "https" or "http";
            sources = isUrl
                ? sources with
                {
                    Endpoint = url,
                }
                : throw given.Expected("the URL of a server, such as https://HOST");
        }

        if (options.FirstOrDefault(option => option.Name == AllowHttpName) is Option<bool> allowHttp)
        {
            sources = sources with { AllowsHttp = reader.IsSet(allowHttp) };
        }

        EmbedderFlags flags = new();
        if (options.FirstOrDefault(option => option.Name == flags.Cache.Name) is { } folder)
        {
            sources = sources with { CacheFolder = reader.Find(folder)?.Text };
        }

        if (
            options.FirstOrDefault(option => option.Name == flags.CacheSize.Name) is { } size
            && reader.Find(size) is { } most
            && MemorySize.TryParse(most.Text, out long bytes)
        )
        {
            sources = sources with { MaxCacheBytes = bytes };
        }

        if (options.FirstOrDefault(option => option.Name == flags.NoCache.Name) is Option<bool> no && reader.IsSet(no))
        {
            sources = sources with { MaxCacheBytes = 0 };
        }

        return sources;
    }
}
