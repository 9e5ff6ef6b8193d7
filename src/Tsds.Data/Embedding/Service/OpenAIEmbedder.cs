using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using OpenAI;
using OpenAI.Embeddings;

namespace Tsds.Data.Embedding.Service;

/// <summary>An embedder that calls a service with the OpenAI protocol: <c>POST URL/embeddings</c>.</summary>
/// <remarks>
/// The client of the service's own library repeats a request that fails on its way or is answered with 408, 429 or 5xx,
/// after the time that the answer names or twice the time of before. An answer that is not whole is asked for again
/// too. Vectors are ordered by the index that the answer gives each. A service may not return the same bits twice;
/// the stored vectors count.
/// </remarks>
internal sealed class OpenAIEmbedder : IEmbedder
{
    private const int RequestTexts = 128;
    private const int RequestCharacters = 200_000;
    private const int ConcurrentRequests = 4;
    private const int Attempts = 4;
    private const int Retries = 5;

    private readonly EmbedderOptions _options;
    private readonly EmbeddingClient _client;

    private OpenAIEmbedder(EmbedderOptions options, EmbeddingClient client)
    {
        _options = options;
        _client = client;
    }

    /// <summary>Makes a client of the one service that the options name; nothing is sent.</summary>
    /// <exception cref="ArgumentException">There is no key for a service that is not on this machine.</exception>
    public static OpenAIEmbedder Open(EmbedderOptions options)
    {
        (Uri url, string model) = options.Parts[0].Service!.Value;
        string? key = Environment.GetEnvironmentVariable(options.KeyVariable);
        if (string.IsNullOrEmpty(key))
        {
            // Servers on this machine ask for none; the library cannot do without.
            key = url.IsLoopback
                ? "none"
                : throw new ArgumentException(
                    $"Expected a key for {url} in the environment variable {options.KeyVariable}, found "
                        + $"none; set it, or name another variable with --embedder-key."
                );
        }

        OpenAIClientOptions settings = new() { Endpoint = url, RetryPolicy = new ClientRetryPolicy(Retries) };
        return new OpenAIEmbedder(options, new EmbeddingClient(model, new ApiKeyCredential(key), settings));
    }

    public string IdentityOf(TextRole role)
    {
        string prefix = _options.PrefixOf(role);
        return _options.Name + (prefix.Length == 0 ? "" : $" '{prefix}'");
    }

    public async ValueTask<EmbeddingMatrix> EmbedAsync(
        IReadOnlyList<string> texts,
        TextRole role,
        CancellationToken cancellationToken
    )
    {
        string prefix = _options.PrefixOf(role);
        float[][] vectors = new float[texts.Count][];
        ParallelOptions parallel = new()
        {
            MaxDegreeOfParallelism = ConcurrentRequests,
            CancellationToken = cancellationToken,
        };
        await Parallel
            .ForEachAsync(
                Requests(texts),
                parallel,
                async (range, token) =>
                {
                    string[] sent = [.. Enumerable.Range(range.First, range.Count).Select(i => prefix + texts[i])];
                    IReadOnlyList<float[]> received = await AskAsync(sent, token).ConfigureAwait(false);
                    for (int i = 0; i < received.Count; i++)
                    {
                        vectors[range.First + i] = received[i];
                    }
                }
            )
            .ConfigureAwait(false);

        int dimension = vectors[0].Length;
        return vectors.All(vector => vector.Length == dimension)
            ? new EmbeddingMatrix(vectors.SelectMany(vector => vector).ToArray(), dimension)
            : throw Unusable(
                $"vectors of dimension {string.Join(" and ", vectors.Select(vector => vector.Length).Distinct())}"
            );
    }

    public void Dispose() { }

    /// <summary>Divides texts into requests within the limits of services.</summary>
    private static IEnumerable<(int First, int Count)> Requests(IReadOnlyList<string> texts)
    {
        int first = 0;
        long characters = 0;
        for (int i = 0; i < texts.Count; i++)
        {
            if (i > first && (i - first == RequestTexts || characters + texts[i].Length > RequestCharacters))
            {
                yield return (first, i - first);
                first = i;
                characters = 0;
            }

            characters += texts[i].Length;
        }

        yield return (first, texts.Count - first);
    }

    private async Task<IReadOnlyList<float[]>> AskAsync(string[] texts, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                ClientResult<OpenAIEmbeddingCollection> result = await _client
                    .GenerateEmbeddingsAsync(texts, cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
                return Order(result.Value, texts.Length);
            }
            catch (Exception exception) when (IsBroken(exception) && attempt < Attempts)
            {
                // A response that is cut off or malformed may be complete the next time.
                await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt), cancellationToken).ConfigureAwait(false);
            }
            catch (ClientResultException exception)
            {
                throw new IOException(
                    $"Expected vectors from {_options.Name}, found HTTP status {exception.Status}: "
                        + $"{exception.Message.ReplaceLineEndings(" ")}",
                    exception
                );
            }
            catch (Exception exception) when (exception is AggregateException or HttpRequestException)
            {
                string reason = (exception as AggregateException)?.InnerExceptions[^1].Message ?? exception.Message;
                throw new IOException($"Expected vectors from {_options.Name}, found no answer: {reason}", exception);
            }
            catch (Exception exception) when (IsBroken(exception) && exception is not InvalidDataException)
            {
                throw Unusable(exception.Message);
            }
        }
    }

    private static bool IsBroken(Exception exception) =>
        exception
            is InvalidDataException
                or JsonException
                or FormatException
                or InvalidOperationException
                or KeyNotFoundException
                or ArgumentException;

    /// <summary>Orders vectors by their index, and throws if a text has none or two.</summary>
    private float[][] Order(OpenAIEmbeddingCollection embeddings, int count)
    {
        float[][] vectors = new float[count][];
        foreach (OpenAIEmbedding embedding in embeddings)
        {
            if (embedding.Index < 0 || embedding.Index >= count || vectors[embedding.Index] is not null)
            {
                throw Unusable($"index {embedding.Index} twice or out of range for {count} texts");
            }

            vectors[embedding.Index] = embedding.ToFloats().ToArray();
        }

        if (embeddings.Count != count)
        {
            throw Unusable($"{embeddings.Count} vectors for {count} texts");
        }

        return vectors.All(vector => vector.Length > 0 && vector.All(float.IsFinite))
            ? vectors
            : throw Unusable("NaN, infinity or an empty vector");
    }

    private InvalidDataException Unusable(string found) =>
        new($"Expected one vector of finite numbers for each text from {_options.Name}, found {found}.");
}
