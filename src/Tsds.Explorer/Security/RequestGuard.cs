using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Tsds.Explorer.Security;

/// <summary>Decides who may ask: the page itself, on this machine, or with the token that was printed.</summary>
/// <remarks>
/// A page of somebody else can send requests to this machine, and can make its own name mean this machine; neither has
/// the name or the origin that is expected here.
/// </remarks>
internal sealed class RequestGuard
{
    private const string CookieName = "tsds-token";
    private const string Policy =
        // regl, which draws the map, compiles its commands from text that it writes itself.
        "default-src 'none'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        + "img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; font-src 'self'; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'";

    private readonly HashSet<string> _names;
    private readonly bool _takesAddresses;
    private readonly byte[]? _token;
    private int _port;

    private RequestGuard(HashSet<string> names, bool takesAddresses, string? token)
    {
        (_names, _takesAddresses, Token) = (names, takesAddresses, token);
        _token = token is null ? null : Encoding.ASCII.GetBytes(token);
    }

    /// <summary>Gets the token; null where this machine alone can ask.</summary>
    public string? Token { get; }

    /// <summary>Creates the guard of a server.</summary>
    /// <param name="bind">The address that others may reach it under, or null for this machine alone.</param>
    public static RequestGuard Create(IPAddress? bind)
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase) { "127.0.0.1", "localhost", "[::1]" };
        if (bind is null)
        {
            return new RequestGuard(names, takesAddresses: false, null);
        }

        names.Add(NameOf(bind));
        names.Add(Environment.MachineName);
        bool isAny = bind.Equals(IPAddress.Any) || bind.Equals(IPAddress.IPv6Any);
        return new RequestGuard(names, isAny, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
    }

    /// <summary>Writes an address as it stands in front of a port.</summary>
    /// <param name="address">The address.</param>
    public static string NameOf(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();

    /// <summary>Sets the port that the server got.</summary>
    /// <param name="port">The port.</param>
    public void Listen(int port) => _port = port;

    /// <summary>Answers a request that may not be asked, and sets the headers of every answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="next">What answers it otherwise.</param>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        SetHeaders(context.Response.Headers);
        HttpRequest request = context.Request;
        if (!IsOwnName(request.Host))
        {
            await RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, "another host was asked for")
                .ConfigureAwait(false);
        }
        else if (!IsOwnPage(request))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "another page asks").ConfigureAwait(false);
        }
        else if (_token is not null && !HasToken(context))
        {
            await RefuseAsync(
                    context,
                    StatusCodes.Status401Unauthorized,
                    "open the address that tsds explore printed, which holds a token"
                )
                .ConfigureAwait(false);
        }
        else if (_token is not null && request.Query.ContainsKey("token"))
        {
            context.Response.Cookies.Append(
                CookieName,
                Token!,
                new CookieOptions
                {
                    HttpOnly = true,
                    SameSite = SameSiteMode.Strict,
                    Path = "/",
                    IsEssential = true,
                }
            );
            context.Response.Redirect("/");
        }
        else if (HttpMethods.IsPost(request.Method) && !request.HasJsonContentType())
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, "expected JSON")
                .ConfigureAwait(false);
        }
        else
        {
            await next(context).ConfigureAwait(false);
        }
    }

    /// <summary>Writes an error as the page expects it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The status.</param>
    /// <param name="sentence">What is wrong.</param>
    public static Task RefuseAsync(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new ErrorRecord(sentence), SecurityJson.Default.ErrorRecord);
    }

    private bool IsOwnName(HostString host)
    {
        if ((host.Port ?? 80) != _port)
        {
            return false;
        }

        return _names.Contains(host.Host) || (_takesAddresses && IPAddress.TryParse(host.Host.Trim('[', ']'), out _));
    }

    private static bool IsOwnPage(HttpRequest request)
    {
        // Whoever follows a link to the page comes from elsewhere, and gets the page and nothing of the selection.
        if (HttpMethods.IsGet(request.Method) && request.Path == "/" && request.Headers["Sec-Fetch-Mode"] == "navigate")
        {
            return true;
        }

        string? site = request.Headers["Sec-Fetch-Site"];
        if (site is not (null or "" or "same-origin" or "none"))
        {
            return false;
        }

        string? origin = request.Headers.Origin;
        return string.IsNullOrEmpty(origin)
            || string.Equals(origin, $"http://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    private bool HasToken(HttpContext context)
    {
        string? bearer = context.Request.Headers.Authorization;
        return Is(context.Request.Query["token"])
            || Is(context.Request.Cookies[CookieName])
            || (
                bearer is not null
                && bearer.StartsWith("Bearer ", StringComparison.Ordinal)
                && Is(bearer["Bearer ".Length..])
            );
    }

    private bool Is(string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), _token);

    private static void SetHeaders(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
