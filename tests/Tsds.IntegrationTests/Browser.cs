using Microsoft.Playwright;

namespace Tsds.IntegrationTests;

/// <summary>
/// A headless Chromium for the tests of one class. It is installed by eng/test.sh; without it the tests fail.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Program = "/usr/bin/chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        Assert.True(
            File.Exists(Program),
            $"Expected Chromium at {Program}, found none; ./test installs it, or: apt-get install "
                + $"--no-install-recommends chromium."
        );
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Program,
                Args =
                [
                    "--no-sandbox",
                    "--disable-gpu",
                    "--use-gl=angle",
                    "--use-angle=swiftshader",
                    "--enable-unsafe-swiftshader",
                    "--disable-quic",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                ],
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }

    /// <summary>
    /// Opens a file as a person would, and notes whatever goes wrong and whatever it asks the network for.
    /// </summary>
    internal async Task<BrowserPage> OpenAsync(
        string path,
        ColorScheme scheme = ColorScheme.Light,
        int width = 1280,
        bool runsScripts = true
    ) => await BrowserPage.OpenAsync(await NewContextAsync(scheme, width, 900, runsScripts), new Uri(path).AbsoluteUri);

    /// <summary>
    /// Opens a page of a server as a person would: whatever it asks of another server is a problem. A script that is
    /// given runs before the page's own.
    /// </summary>
    internal async Task<BrowserPage> OpenAsync(
        Uri address,
        ColorScheme scheme = ColorScheme.Light,
        int width = 1280,
        int height = 800,
        string? script = null
    )
    {
        IBrowserContext context = await NewContextAsync(scheme, width, height, runsScripts: true);
        if (script is not null)
        {
            await context.AddInitScriptAsync(script);
        }

        return await BrowserPage.OpenAsync(
            context,
            address.AbsoluteUri,
            address.GetLeftPart(UriPartial.Authority) + "/"
        );
    }

    private async Task<IBrowserContext> NewContextAsync(ColorScheme scheme, int width, int height, bool runsScripts)
    {
        IBrowserContext context = await _browser!.NewContextAsync(
            new BrowserNewContextOptions
            {
                ColorScheme = scheme,
                // Contrasts are judged at rest: half of a transition has colors of its own.
                ReducedMotion = ReducedMotion.Reduce,
                ViewportSize = new ViewportSize { Width = width, Height = height },
                JavaScriptEnabled = runsScripts,
            }
        );
        await context.AddInitScriptAsync(
            "document.addEventListener('securitypolicyviolation', e => console.error('policy: ' + "
                + "e.violatedDirective + ' ' + e.blockedURI))"
        );
        return context;
    }
}
