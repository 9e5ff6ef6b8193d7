using System.CommandLine;
using System.Globalization;
using Tsds.Cli.Output;
using Tsds.Data.Embedding;
using Tsds.Data.Store;

namespace Tsds.Cli.Options;

/// <summary>The options for the embedder and the cache of vectors, the same in every command that embeds.</summary>
internal sealed class EmbedderFlags
{
    public Option<string> Embedder { get; } =
        new("--embedder")
        {
            HelpName = "NAME",
            Description =
                "What turns rows into vectors: lexical (fitted to the pool) and static (a table distilled from a "
                + "transformer), both built in; minilm and arctic-xs, small transformers that come with the command; "
                + "onnx:DIR, a sentence-transformers export; int8- before one of these models for twice its speed; "
                + "openai:URL#MODEL, a service with the OpenAI protocol; "
                + "several joined by '+', each with its share before it or all alike, such as 30%lexical+70%minilm; "
                + "or auto, the built-in one by which the targets know each other best. "
                + $"Default: {new EmbedderOptions().Name}, or the embedder of the vector store.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public Option<string> Prefix { get; } =
        new("--embedder-prefix")
        {
            HelpName = "'QUERY|PASSAGE'",
            Description =
                "Texts put before each target and each row of the pool, for models that want them marked: "
                + "'query: |passage: '.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public Option<string> Key { get; } =
        new("--embedder-key")
        {
            HelpName = "VARIABLE",
            Description =
                $"Environment variable with the key of the service. Default: {new EmbedderOptions().KeyVariable}.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public Option<string> Price { get; } =
        new("--embedder-price")
        {
            HelpName = "PRICE",
            Description = "Price of a million tokens of the service, for the estimate of --dry-run.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public Option<bool> Yes { get; } =
        new("--yes")
        {
            Description = "Send texts to the service without asking first. Without a terminal, nothing is asked.",
            Arity = ArgumentArity.Zero,
        };

    public Option<string> Cache { get; } =
        new("--cache")
        {
            HelpName = "DIR",
            Description =
                "Folder in which vectors of rows are kept for the next run. Default: $XDG_CACHE_HOME/tsds, "
                + "else ~/.cache/tsds.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public Option<string> CacheSize { get; } =
        new("--cache-size")
        {
            HelpName = "SIZE",
            Description =
                $"Most that stays in the cache when the run ends; what was not used for longest goes first. "
                + $"Default: {new VectorCache().MaxBytes / 1_000_000_000}GB.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public Option<bool> NoCache { get; } =
        new("--no-cache") { Description = "Keep no vectors, and use none that were kept.", Arity = ArgumentArity.Zero };

    /// <summary>Reads the settings of the embedder, or returns null if none is given.</summary>
    /// <returns>Null when none is asked for.</returns>
    /// <exception cref="ArgumentException">A value is wrong.</exception>
    public EmbedderOptions? ReadEmbedder(OptionReader reader)
    {
        OptionValue? name = reader.Find(Embedder);
        OptionValue? prefix = reader.Find(Prefix);
        OptionValue? key = reader.Find(Key);
        OptionValue? price = reader.Find(Price);
        if ((name ?? prefix ?? key ?? price) is null)
        {
            return null;
        }

        EmbedderOptions embedder = name is null ? new EmbedderOptions() : Named(name);
        if (!embedder.IsService && (key ?? price) is { } rival)
        {
            throw new ArgumentException($"{rival.Origin} is for a service, --embedder openai:URL#MODEL; leave it out.");
        }

        if (key is not null)
        {
            embedder = embedder with { KeyVariable = key.Text };
        }

        if (price is not null)
        {
            bool isPrice = decimal.TryParse(
                price.Text,
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out decimal amount
            );
            embedder = isPrice ? embedder with { Price = amount } : throw price.Expected("a price such as 0.02");
        }

        if (prefix is null)
        {
            return embedder;
        }

        return prefix.Text.Split('|') is [string query, string passage]
            ? embedder with
            {
                QueryPrefix = query,
                PassagePrefix = passage,
            }
            : throw prefix.Expected(
                "what is put before a target and before a row of the pool, with one '|' between, such as "
                    + "'query: |passage: '"
            );
    }

    /// <summary>Reads the settings of the cache, or returns null if it is not used.</summary>
    /// <returns>Null when none are.</returns>
    /// <exception cref="ArgumentException">A value is wrong, or contradicts another.</exception>
    public VectorCache? ReadCache(OptionReader reader)
    {
        OptionValue? folder = reader.Find(Cache);
        OptionValue? size = reader.Find(CacheSize);
        if (reader.IsSet(NoCache))
        {
            return (folder ?? size) is { } rival
                ? throw new ArgumentException(
                    $"--no-cache keeps no vectors, but {rival.Origin} is given too; leave one of them out."
                )
                : null;
        }

        if (size is null)
        {
            return new VectorCache(folder?.Text);
        }

        return MemorySize.TryParse(size.Text, out long bytes)
            ? new VectorCache(folder?.Text) { MaxBytes = bytes }
            : throw size.Expected("an amount with a unit, such as 20GB or 500MB");
    }

    private static EmbedderOptions Named(OptionValue name)
    {
        try
        {
            return new EmbedderOptions { Name = name.Text };
        }
        catch (ArgumentException exception)
        {
            throw new ArgumentException(
                $"{name.Origin}: {ErrorSentence.WithoutParameter(exception.Message)}",
                exception
            );
        }
    }
}
