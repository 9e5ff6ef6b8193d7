using System.Net;

namespace Tsds.Tests.Shared;

/// <summary>An HTTP server of the loopback address.</summary>
internal static class LocalHttp
{
    private const int Tries = 20;

    /// <summary>Starts a server on a free port.</summary>
    /// <param name="path">The path that it serves, with slashes around it.</param>
    /// <param name="port">The port.</param>
    public static HttpListener Start(string path, out int port)
    {
        for (int i = 1; ; i++)
        {
            port = FreePort.Find();
            HttpListener listener = new();
            listener.Prefixes.Add($"http://localhost:{port}{path}");
            try
            {
                listener.Start();
                return listener;
            }
            catch (HttpListenerException) when (i < Tries)
            {
                // Another process has taken the port meanwhile.
                listener.Close();
            }
        }
    }
}
