namespace Tsds.IntegrationTests.Explorer;

/// <summary>
/// From the README's first command to a changed, saved and verified selection, by nothing but what README and page say.
/// </summary>
public sealed class NewcomerTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>With TSDS_APPROVE=1 it also takes the picture that the README shows.</summary>
    [Fact]
    public async Task Newcomer_FromTheFirstCommand_ChangesSavesAndVerifies()
    {
        Directory.CreateDirectory(_folder["samples"]);
        foreach (string name in (string[])["pool.jsonl", "targets.jsonl"])
        {
            File.Copy(Path.Combine(Repository.Root, "samples", name), _folder[$"samples/{name}"]);
        }

        string[] commands =
        [
            .. File.ReadLines(Path.Combine(Repository.Root, "README.md"))
                .Where(line => line.StartsWith("    ./tsds ", StringComparison.Ordinal))
                .Select(line => line.Trim()),
        ];
        await CliProcess.SucceedAsync(_folder.Root, [.. Words(commands[0]), "--no-cache"]);
        string explore = Assert.Single(
            commands,
            command => command.StartsWith("./tsds explore ", StringComparison.Ordinal)
        );
        using PageProcess explorer = await PageProcess.StartAsync(_folder.Root, [.. Words(explore).Skip(1)]);

        await using ExplorerPage page = await ExplorerPage.OpenAsync(browser, explorer.Address);
        await page.Page.GetByLabel("Color").SelectOptionAsync("source");
        await page.ShowAsync("Overview");
        await page.Page.Locator("#panel-overview .entry").Last.ClickAsync();
        await page.Page.Locator("#panel-detail .water").WaitForAsync();

        await page.Button("Box").ClickAsync();
        await page.DrawAsync((0.12f, 0.6f), (0.25f, 0.95f));
        await page.Button("Leave out").ClickAsync();
        await page.AnsweredAsync();
        await page.SlideAsync("Alpha", "0.2");
        await page.AnsweredAsync();
        await page.ShowAsync("Changes");
        await page.Page.GetByText("By source").WaitForAsync();

        if (Environment.GetEnvironmentVariable("TSDS_APPROVE") == "1")
        {
            await page.Page.Locator("[data-projection=neighbors]:enabled").WaitForAsync();
            await page.Page.Locator("#status:not(.shown)").WaitForAsync();
            await page.Page.WaitForTimeoutAsync(1_500);
            await page.Page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "docs", "explorer.png") });
        }

        await page.Button("Save…").ClickAsync();
        await page.Button("Save").ClickAsync();
        string verify = await page.Page.Locator("dialog pre").InnerTextAsync();
        await page.Button("Verify now").ClickAsync();
        await page.Page.GetByText("Verified: the folder is what its manifest says.").WaitForAsync();
        await page.AssertAccessibleAsync();
        await page.Button("Done").ClickAsync();
        Assert.EndsWith(", saved", await page.Page.Locator("#change-state").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(page.Problems);

        CliResult verified = await CliProcess.SucceedAsync(_folder.Root, [.. Words(verify)]);
        Assert.StartsWith("Agrees: ", verified.Out, StringComparison.Ordinal);
    }

    /// <summary>The arguments of a command after the name of the program.</summary>
    private static IEnumerable<string> Words(string command) =>
        command.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1);
}
