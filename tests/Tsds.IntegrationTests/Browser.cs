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
    )
    {
        IBrowserContext context = await _browser!.NewContextAsync(
            new BrowserNewContextOptions
            {
                ColorScheme = scheme,
                ViewportSize = new ViewportSize { Width = width, Height = 900 },
                JavaScriptEnabled = runsScripts,
            }
        );
        await context.AddInitScriptAsync(
            "document.addEventListener('securitypolicyviolation', e => console.error('policy: ' + "
                + "e.violatedDirective + ' ' + e.blockedURI))"
        );
        return await BrowserPage.OpenAsync(context, new Uri(path).AbsoluteUri);
    }
}
