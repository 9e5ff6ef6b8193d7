using System.Net;
using System.Net.Sockets;

namespace Tsds.Orleans.Hosting;

/// <summary>Finds TCP ports that are not in use.</summary>
internal static class FreePorts
{
    /// <summary>Finds different ports. All are bound for a moment, so that none is found twice.</summary>
    public static int[] Find(IPAddress address, int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(address, 0))];
        try
        {
            Array.ForEach(listeners, listener => listener.Start());
            return Array.ConvertAll(listeners, listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        }
        finally
        {
            Array.ForEach(listeners, listener => listener.Dispose());
        }
    }
}
