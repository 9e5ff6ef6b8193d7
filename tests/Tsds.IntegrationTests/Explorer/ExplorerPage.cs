using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Tsds.IntegrationTests.Explorer;

/// <summary>The explorer's page, used as a person would: by what is written on it.</summary>
internal sealed class ExplorerPage : IAsyncDisposable
{
    private readonly BrowserPage _opened;

    private ExplorerPage(BrowserPage opened)
    {
        _opened = opened;
    }

    public IPage Page => _opened.Page;

    public IReadOnlyList<string> Problems => _opened.Problems;

    /// <summary>Opens the page and waits until the map is there.</summary>
    public static async Task<ExplorerPage> OpenAsync(
        Browser browser,
        Uri address,
        ColorScheme scheme = ColorScheme.Light,
        int width = 1280,
        int height = 800,
        string? script = null
    )
    {
        ExplorerPage page = new(await browser.OpenAsync(address, scheme, width, height, script));
        page.Page.SetDefaultTimeout((float)SafetyNet.Limit.TotalMilliseconds);
        await page.Page.WaitForSelectorAsync("html[data-state=open]", new() { State = WaitForSelectorState.Attached });
        return page;
    }

    /// <summary>Waits until the last change is answered.</summary>
    public async Task AnsweredAsync()
    {
        await Page.WaitForFunctionAsync("document.querySelector('#change-state').textContent.includes('not saved')");
    }

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Shows a tab.</summary>
    public Task ShowAsync(string tab) => Page.GetByRole(AriaRole.Tab, new() { Name = tab }).ClickAsync();

    /// <summary>
    /// Draws on the map with the pointer held down, through points that are shares of its width and height.
    /// </summary>
    public async Task DrawAsync(params (float X, float Y)[] points)
    {
        LocatorBoundingBoxResult box = (await Page.Locator("#map").BoundingBoxAsync())!;
        for (int i = 0; i < points.Length; i++)
        {
            (float x, float y) = (box.X + box.Width * points[i].X, box.Y + box.Height * points[i].Y);
            await Page.Mouse.MoveAsync(x, y, new() { Steps = i == 0 ? 1 : 6 });
            if (i == 0)
            {
                await Page.Mouse.DownAsync();
            }
        }

        await Page.Mouse.UpAsync();
    }

    /// <summary>Moves a slider to a value.</summary>
    public Task SlideAsync(string label, string value) =>
        Page.GetByLabel(label, new() { Exact = true }).FillAsync(value);

    /// <summary>Returns what axe has to say against the page, and that it had a look at contrasts.</summary>
    public async Task AssertAccessibleAsync()
    {
        AxeResult axe = await Page.RunAxe();
        Assert.Empty(
            axe.Violations.SelectMany(violation =>
                violation.Nodes.Select(node => $"{violation.Id}: {violation.Help}: {node.Html}")
            )
        );
        Assert.Contains(axe.Passes, pass => pass.Id == "color-contrast");
    }

    public ValueTask DisposeAsync() => _opened.DisposeAsync();
}
