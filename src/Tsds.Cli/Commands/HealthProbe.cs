using System.Globalization;
using System.Net;
using Tsds.Cli.Options;

namespace Tsds.Cli.Commands;

/// <summary>Asks a worker whether it is a member of its cluster, as the health checks of containers do.</summary>
internal static class HealthProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Returns if the worker at an address is a member.</summary>
    /// <param name="address">The address, as it was given.</param>
    /// <param name="cancellationToken">Stops waiting for the answer.</param>
    /// <exception cref="ArgumentException">It is no address of the web.</exception>
    /// <exception cref="IOException">Nobody answers there, or something else does.</exception>
    public static async Task AskAsync(OptionValue address, CancellationToken cancellationToken)
    {
        bool isAddress =
            Uri.TryCreate(address.Text, UriKind.Absolute, out Uri? uri)
            && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps);
        if (!isAddress)
        {
            throw address.Expected("the address of a worker's health, such as http://127.0.0.1:8080/healthz");
        }

        // A proxy would ask for itself; a worker is near.
        using HttpClientHandler direct = new() { UseProxy = false };
        using HttpClient client = new(direct) { Timeout = Patience };
        string found;
        try
        {
            using HttpResponseMessage answer = await client.GetAsync(uri, cancellationToken).ConfigureAwait(false);
            if (answer.StatusCode == HttpStatusCode.OK)
            {
                return;
            }

            found = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException exception)
        {
            found = exception.Message.TrimEnd('.');
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            found = $"no answer within {Patience.TotalSeconds} s";
        }

        throw new IOException(
            $"{address.Origin}: expected the answer 200 from {uri}, found {found}; a worker answers with --health-port "
                + "while it is a member of its cluster."
        );
    }
}
