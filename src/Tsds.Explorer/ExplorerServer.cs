using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tsds.Explorer.Page;
using Tsds.Explorer.Security;

namespace Tsds.Explorer;

/// <summary>Serves the explorer of a selection.</summary>
internal static class ExplorerServer
{
    private const long LargestRequest = 16 << 20;

    /// <summary>Serves a selection until it is stopped.</summary>
    /// <param name="options">What is served, and to whom.</param>
    /// <param name="started">Receives the address to open, once the server listens.</param>
    /// <param name="cancellationToken">Stops the server.</param>
    /// <exception cref="IOException">The port is taken, or an input cannot be read.</exception>
    /// <exception cref="InvalidDataException">The inputs are others than those of the selection.</exception>
    /// <exception cref="FileNotFoundException">The page was not built.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task RunAsync(ExplorerOptions options, Action<Uri> started, CancellationToken cancellationToken)
    {
        IPAddress? bind = options.Bind is { } given
            ? IPAddress.TryParse(given, out IPAddress? parsed)
                ? parsed
                : throw new ArgumentException(
                    $"Expected the address of a network interface for --bind, such as 10.0.0.2, found '{given}'."
                )
            : null;
        PageFiles page = PageFiles.Find();
        RequestGuard guard = RequestGuard.Create(bind);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }
        );
        builder.Logging.ClearProviders();
        builder.Services.AddRoutingCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.Listen(bind ?? IPAddress.Loopback, options.Port);
        });
        WebApplication application = builder.Build();
        await using (application.ConfigureAwait(false))
        {
            ExplorerSession session = new(options);
            await using (session.ConfigureAwait(false))
            {
                application.Use(next => context => guard.InvokeAsync(context, next));
                application.MapExplorer(session, page);
                await StartAsync(application, bind, options.Port, cancellationToken).ConfigureAwait(false);
                int port = PortOf(application);
                guard.Listen(port);
                session.Start();
                started(AddressOf(bind, port, guard.Token));
                Task stopped = Task.Delay(Timeout.Infinite, cancellationToken);

                // What cannot be opened ends the program with its sentence; the maps are not waited for.
                Task first = await Task.WhenAny(stopped, session.WaitAsync()).ConfigureAwait(false);
                await first.ConfigureAwait(false);
                await stopped.ConfigureAwait(false);
            }
        }
    }

    private static async Task StartAsync(
        WebApplication application,
        IPAddress? bind,
        int port,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await application.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            throw new IOException(
                port == 0
                    ? $"Expected an address of this machine for --bind, found '{bind}', which cannot be listened on."
                    : $"Expected port {port} to be free at {bind ?? IPAddress.Loopback}, found that it cannot be "
                        + "listened on; choose another --port, or none for any that is free.",
                exception
            );
        }
    }

    private static int PortOf(WebApplication application) =>
        new Uri(
            application
                .Services.GetRequiredService<IServer>()
                .Features.Get<IServerAddressesFeature>()!
                .Addresses.First()
        ).Port;

    private static Uri AddressOf(IPAddress? bind, int port, string? token)
    {
        IPAddress shown =
            bind is null || bind.Equals(IPAddress.Any) ? IPAddress.Loopback
            : bind.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback
            : bind;
        return new Uri($"http://{RequestGuard.NameOf(shown)}:{port}/{(token is null ? "" : $"?token={token}")}");
    }
}
