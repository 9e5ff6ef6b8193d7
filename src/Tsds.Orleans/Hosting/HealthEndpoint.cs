using System.Globalization;
using System.Net;

namespace Tsds.Orleans.Hosting;

/// <summary>Answers <c>GET /healthz</c> with 200 while the worker is a member of its cluster.</summary>
internal sealed class HealthEndpoint : IDisposable
{
    private readonly HttpListener _listener;

    private HealthEndpoint(HttpListener listener)
    {
        _listener = listener;
    }

    public static HealthEndpoint Start(IPAddress address, int port)
    {
        HttpListener listener = new();
        listener.Prefixes.Add(string.Create(CultureInfo.InvariantCulture, $"http://{address}:{port}/"));
        listener.Start();
        HealthEndpoint endpoint = new(listener);
        _ = Task.Run(endpoint.AnswerAsync);
        return endpoint;
    }

    public void Dispose() => _listener.Close();

    private async Task AnswerAsync()
    {
        try
        {
            while (_listener.IsListening)
            {
                HttpListenerContext context = await _listener.GetContextAsync().ConfigureAwait(false);
                bool isHealth = context.Request is { HttpMethod: "GET", Url.AbsolutePath: "/healthz" };
                context.Response.StatusCode = (int)(isHealth ? HttpStatusCode.OK : HttpStatusCode.NotFound);
                context.Response.Close(isHealth ? "ok\n"u8.ToArray() : [], willBlock: false);
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
