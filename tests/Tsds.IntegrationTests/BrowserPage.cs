using Microsoft.Playwright;

namespace Tsds.IntegrationTests;

/// <summary>A page that is open, and what went wrong on it.</summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    /// <summary>A remark of the software renderer about its own speed.</summary>
    private const string SlowCopy = "GPU stall due to ReadPixels";

    private readonly IBrowserContext _context;
    private readonly List<string> _problems = [];

    private BrowserPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>
    /// Gets errors of the console, violations of the page's policy, exceptions, dialogs, and requests for anything but
    /// the page or what belongs to it.
    /// </summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>
    /// Opens a page. What belongs to it are the addresses that begin with a text, or the page alone if that is null.
    /// </summary>
    public static async Task<BrowserPage> OpenAsync(IBrowserContext context, string address, string? own = null)
    {
        BrowserPage opened = new(context, await context.NewPageAsync());
        opened.Page.Console += (_, message) =>
            opened.Add(
                message.Type is "error" or "warning" && !message.Text.Contains(SlowCopy, StringComparison.Ordinal),
                $"console: {message.Text}"
            );
        opened.Page.PageError += (_, error) => opened.Add(true, $"exception: {error}");
        opened.Page.Request += (_, request) =>
            opened.Add(
                own is null ? request.Url != address : !request.Url.StartsWith(own, StringComparison.Ordinal),
                $"request: {request.Url}"
            );
        opened.Page.Dialog += async (_, dialog) =>
        {
            opened.Add(true, $"dialog: {dialog.Message}");
            await dialog.DismissAsync();
        };
        await opened.Page.GotoAsync(address, new PageGotoOptions { WaitUntil = WaitUntilState.Load });
        return opened;
    }

    /// <summary>Unfolds everything.</summary>
    public Task UnfoldAsync() =>
        Page.EvaluateAsync("document.querySelectorAll('details').forEach(details => details.open = true)");

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Add(bool isProblem, string text)
    {
        if (isProblem)
        {
            lock (_problems)
            {
                _problems.Add(text);
            }
        }
    }
}
