using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Tsds.Tests.Data.Embedding.Service;

/// <summary>A server on this machine that speaks the embeddings protocol, and misbehaves when told to.</summary>
internal sealed class EmbeddingServer : IDisposable
{
    private readonly HttpListener _listener;
    private readonly Lock _lock = new();

    public EmbeddingServer()
    {
        _listener = LocalHttp.Start("/", out int port);
        Port = port;
        _ = Task.Run(ServeAsync);
    }

    public int Port { get; }

    public string Name => $"openai:http://localhost:{Port}/v1#tiny";

    /// <summary>Gets the responses to the first requests in place of an answer; later requests are answered.</summary>
    public Queue<string> Troubles { get; } = [];

    /// <summary>Gets or sets whether every request gets this in place of an answer.</summary>
    public string? AlwaysTrouble { get; set; }

    public List<string> Keys { get; } = [];

    public List<int> Counts { get; } = [];

    public static float[] VectorOf(string text) => [text.Length, text.Sum(character => character), 1];

    public void Dispose() => _listener.Close();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                _ = Task.Run(() => AnswerAsync(context));
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using JsonDocument request = await JsonDocument.ParseAsync(context.Request.InputStream);
        string[] texts =
        [
            .. request.RootElement.GetProperty("input").EnumerateArray().Select(text => text.GetString()!),
        ];
        string? trouble;
        lock (_lock)
        {
            Keys.Add(context.Request.Headers["Authorization"] ?? "");
            Counts.Add(texts.Length);
            trouble = AlwaysTrouble ?? (Troubles.TryDequeue(out string? next) ? next : null);
        }

        if (trouble is "429" or "500" or "503" or "401" or "400")
        {
            context.Response.StatusCode = int.Parse(trouble, System.Globalization.CultureInfo.InvariantCulture);
            context.Response.Headers["Retry-After"] = "0";
            await SendAsync(context, """{"error":{"message":"not now","type":"trouble","code":"trouble"}}""");
            return;
        }

        await SendAsync(context, Body(texts, trouble));
    }

    private static string Body(string[] texts, string? trouble)
    {
        IEnumerable<object> data = texts.Select(
            (text, index) =>
                (object)
                    new
                    {
                        @object = "embedding",
                        index = trouble == "twice" ? 0 : index,
                        embedding = trouble switch
                        {
                            "array" => VectorOf(text),
                            "nan" => Base64([float.NaN, 1, 2]),
                            "dimension" => Base64(new float[2 + index]),
                            _ => (object)Base64(VectorOf(text)),
                        },
                    }
        );
        data = trouble switch
        {
            "reversed" => data.Reverse(),
            "short" => data.Skip(1),
            _ => data,
        };
        string whole = JsonSerializer.Serialize(
            new
            {
                @object = "list",
                model = "tiny",
                data,
                usage = new { prompt_tokens = 1, total_tokens = 1 },
            }
        );
        return trouble == "truncated" ? whole[..(whole.Length / 2)] : whole;
    }

    private static string Base64(float[] vector) => Convert.ToBase64String(MemoryMarshal.AsBytes(vector.AsSpan()));

    private static async Task SendAsync(HttpListenerContext context, string body)
    {
        context.Response.ContentType = "application/json";
        await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
        context.Response.Close();
    }
}
