using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Tsds.IntegrationTests.Explorer;

/// <summary>The explorer's page in a browser, over a selection of a running <c>tsds explore</c>.</summary>
public sealed class ExplorerPageTests(Browser browser, SmallExplorer small)
    : IClassFixture<Browser>,
        IClassFixture<SmallExplorer>,
        IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>As many rows as the pool of the domain suite that the documentation measures on.</summary>
    [Fact]
    public async Task Change_OfALargePool_IsSavedAndVerified()
    {
        SuitePool.WriteRows(_folder["pool.jsonl"], 129_521);
        SuitePool.WriteVectors(_folder["pool.npy"], 129_521, 32, seed: 1);
        SuitePool.WriteVectors(_folder["targets.npy"], 160, 32, seed: 1_000_000_007, topics: 4);
        await CliProcess.SucceedAsync(
            _folder.Root,
            [
                "select",
                "--pool",
                "pool.jsonl",
                "--pool-vectors",
                "pool.npy",
                "--target-vectors",
                "targets.npy",
                "--budget",
                "1%",
                "--out",
                "out",
            ]
        );
        using PageProcess explorer = await PageProcess.StartAsync(_folder.Root, "out");
        await using ExplorerPage page = await ExplorerPage.OpenAsync(browser, explorer.Address);

        // Pans, and the address keeps the view.
        await page.DrawAsync((0.5f, 0.5f), (0.6f, 0.55f));
        await page.Page.WaitForURLAsync("**#*x=*");
        await page.Button("Whole").ClickAsync();

        // What a lasso holds is left out.
        await page.Button("Lasso").ClickAsync();
        await page.DrawAsync((0.5f, 0.05f), (0.95f, 0.1f), (0.95f, 0.9f), (0.5f, 0.95f));
        await page.Button("Leave out").ClickAsync();
        await page.AnsweredAsync();

        await page.SlideAsync("Alpha", "0.2");
        await page.AnsweredAsync();
        await page.ShowAsync("Changes");
        await page.Page.GetByText("By source").WaitForAsync();

        await SaveAsync(page, "changed");
        Assert.Empty(page.Problems);

        CliResult verified = await CliProcess.SucceedAsync(_folder.Root, "verify", "changed");
        Assert.StartsWith("Agrees: ", verified.Out, StringComparison.Ordinal);
        JsonNode[] before = _folder.Lines("out/lineage.jsonl");
        JsonNode[] after = _folder.Lines("changed/lineage.jsonl");
        Assert.NotEqual(before.Length, after.Length);
        Assert.Contains("explorer/changes", _folder.Manifest("changed").ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_ThatWouldBePrograms_AreTexts()
    {
        string[] texts =
        [
            "<script>document.title = 'broken'</script><img src=x onerror=\"document.title = 'broken'\">",
            new string('w', 1_000_000),
            string.Concat(Enumerable.Repeat("many words ", 90_000)),
            "\u202Eright to left\u202C, a \u0007 bell, {{template}}, javascript:alert(1), </textarea>"
                + "<iframe src=//example.org>",
        ];
        _folder.WritePool("pool.jsonl", 300);
        await File.AppendAllLinesAsync(
            _folder["pool.jsonl"],
            texts.Select(text =>
                new JsonObject
                {
                    ["id"] = "<b>" + text[..10],
                    ["instruction"] = text,
                    ["output"] = "simmer onion stock oven butter",
                    ["source"] = "<i>hostile</i>" + text[..20],
                }.ToJsonString()
            ),
            TestContext.Current.CancellationToken
        );
        _folder.WriteTargets("targets.jsonl", 8);
        await SelectAsync("--budget", "20%");
        using PageProcess explorer = await PageProcess.StartAsync(_folder.Root, "out");
        for (int row = 300; row < 300 + texts.Length; row++)
        {
            await using ExplorerPage page = await ExplorerPage.OpenAsync(
                browser,
                new Uri(explorer.Address, $"#p={row}&tab=detail&color=source")
            );
            await page.Page.Locator("#panel-detail .turn .text").First.WaitForAsync();
            Assert.DoesNotContain("broken", await page.Page.TitleAsync(), StringComparison.Ordinal);
            Assert.Equal(0, await page.Page.Locator("#panel-detail :is(img, script, iframe, b, i)").CountAsync());
            Assert.Equal(1280, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
            Assert.True(await page.Page.EvaluateAsync<int>("document.body.textContent.length") < 200_000);
            if (row == 300)
            {
                Assert.Contains(
                    texts[0],
                    await page.Page.Locator("#panel-detail").InnerTextAsync(),
                    StringComparison.Ordinal
                );
            }

            Assert.Empty(page.Problems);
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1280)]
    [InlineData(ColorScheme.Dark, 390)]
    public async Task Page_InAnyState_IsAccessible(ColorScheme scheme, int width)
    {
        await using ExplorerPage page = await ExplorerPage.OpenAsync(browser, small.Address, scheme, width);
        await page.AssertAccessibleAsync();
        Assert.Equal(width, await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));

        await page.Page.GetByLabel("Search in texts").FillAsync("onion");
        await page.Page.Keyboard.PressAsync("Enter");
        await page.Page.Locator("#panel-list .entry").First.WaitForAsync();
        await page.Page.GetByText("other rows than these").WaitForAsync();
        await page.Page.Locator("#panel-list .entry").First.ClickAsync();
        await page.Button("More like this").ClickAsync();
        await page.AnsweredAsync();
        await page.AssertAccessibleAsync();

        await page.ShowAsync("Changes");
        await page.Page.GetByText("By source").WaitForAsync();
        await page.Page.Locator("#filter summary").ClickAsync();
        await page.AssertAccessibleAsync();

        await page.Page.Keyboard.PressAsync("Escape");
        await page.Button("Command").ClickAsync();
        await page.Page.Locator("dialog code").First.WaitForAsync();
        await page.AssertAccessibleAsync();
        Assert.Empty(page.Problems);
    }

    /// <summary>The widths of a phone, of small and usual screens, and one beyond a change of the layout.</summary>
    [Fact]
    public async Task Columns_OfAnyWidth_DoNotScrollSideways()
    {
        await using ExplorerPage page = await ExplorerPage.OpenAsync(browser, small.Address);
        foreach (int width in (int[])[390, 800, 1180, 1280, 1400, 1920])
        {
            await page.Page.SetViewportSizeAsync(width, 900);
            foreach (string part in (string[])["#change", "#panel-overview", ".toolbar"])
            {
                Assert.True(
                    await page.Page.EvaluateAsync<bool>(
                        "part => { const e = document.querySelector(part); return e.scrollWidth <= e.clientWidth; }",
                        part
                    ),
                    $"{part} at {width}"
                );
            }
        }

        // The second map is told of whenever it comes, before the page is there or after.
        await page.Page.Locator("[data-projection=neighbors]:enabled").WaitForAsync();

        Assert.Empty(page.Problems);
    }

    [Fact]
    public async Task Target_LeftOut_IsSavedWithoutIt()
    {
        await using ExplorerPage page = await ExplorerPage.OpenAsync(browser, small.Address);
        await page.Page.Locator("#panel-overview .entry").First.ClickAsync();
        await page.Button("Leave it out").ClickAsync();
        await page.AnsweredAsync();
        await page.Button("Left out: put back").WaitForAsync();
        await SaveAsync(page, "without");
        Assert.Equal(7, small.TargetsOf("without"));
        Assert.Empty(page.Problems);
    }

    [Fact]
    public async Task Keyboard_Alone_PicksChangesAndComesBackByTheLink()
    {
        string link;
        string title;
        await using (ExplorerPage page = await ExplorerPage.OpenAsync(browser, small.Address))
        {
            IKeyboard keys = page.Page.Keyboard;
            await TabToAsync(page.Page, "application");
            foreach (string key in (string[])["+", "+", "ArrowLeft", "ArrowUp", "Enter"])
            {
                await keys.PressAsync(key);
            }

            await page.Page.Locator("#panel-detail h2").WaitForAsync();
            title = await page.Page.Locator("#panel-detail h2").InnerTextAsync();
            await page.Page.WaitForURLAsync("**#*p=*");
            await page.Button("Leave out").FocusAsync();
            await keys.PressAsync("Enter");
            await page.Page.WaitForURLAsync("**change=*");
            await page.AnsweredAsync();
            link = page.Page.Url;
            Assert.Empty(page.Problems);
        }

        await using ExplorerPage again = await ExplorerPage.OpenAsync(browser, new Uri(link));
        await again.AnsweredAsync();
        Assert.Equal(title, await again.Page.Locator("#panel-detail h2").InnerTextAsync());
        await again.Button("Left out: put back").WaitForAsync();

        // What the link holds is one change, and one step back undoes it.
        await again.Page.Keyboard.PressAsync("Control+z");
        await again.Button("Leave out").WaitForAsync();
        Assert.True(await again.Button("Save…").IsDisabledAsync());
        Assert.Empty(again.Problems);
    }

    [Fact]
    public async Task Page_WithoutWebGl_SaysSoAndStillChanges()
    {
        await using ExplorerPage page = await ExplorerPage.OpenAsync(
            browser,
            small.Address,
            script: """
            const known = HTMLCanvasElement.prototype.getContext;
            HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
                return kind.includes('webgl') ? null : known.call(this, kind, ...rest);
            };
            """
        );
        await page.Page.GetByText("This browser shows no WebGL").WaitForAsync();
        await page.SlideAsync("Alpha", "0.2");
        await page.AnsweredAsync();
        Assert.Empty(page.Problems);
    }

    /// <summary>
    /// A processor draws here; the other layer of rows is what a page uses that takes it for a graphics card.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData("Some Graphics 500")]
    public async Task Map_DrawnByThePageOrByWebGl_ShowsTheRows(string? card)
    {
        await using ExplorerPage page = await ExplorerPage.OpenAsync(
            browser,
            small.Address,
            script: card is null
                ? null
                : $$"""
                const known = WebGLRenderingContext.prototype.getParameter;
                const rendererName = 0x9246;
                WebGLRenderingContext.prototype.getParameter = function (name) {
                    return name === rendererName ? '{{card}}' : known.call(this, name);
                };
                """
        );
        await page.Page.Locator("[data-projection=neighbors]:enabled").ClickAsync();
        await page.Page.GetByLabel("Color").SelectOptionAsync("source");
        await page.Button("Zoom in").ClickAsync();
        await page.Page.WaitForFunctionAsync(
            """
            () => {
                const rows = document.querySelector('#map canvas');
                const pixels = rows.getContext('2d').getImageData(0, 0, rows.width, rows.height).data;
                const isDrawn = at => pixels[at + 3] > 0 && pixels[at] + pixels[at + 1] + pixels[at + 2] < 700;
                let drawn = 0;
                for (let at = 0; at < pixels.length; at += 4) {
                    drawn += isDrawn(at) ? 1 : 0;
                }
                return drawn > 300;
            }
            """
        );
        Assert.Empty(page.Problems);
    }

    [Fact]
    public async Task Compare_TwoSelections_ShowsWhatOnlyOneHas()
    {
        await using ExplorerPage page = await ExplorerPage.OpenAsync(browser, small.Address);
        await page.ShowAsync("Compare");
        await page.Page.GetByLabel("Second").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.Page.Locator("#panel-compare .lead").WaitForAsync();
        Assert.StartsWith(
            $"{small.InBoth} rows in both",
            await page.Page.Locator("#panel-compare .lead").InnerTextAsync(),
            StringComparison.Ordinal
        );
        await page.Page.GetByText("only the second", new() { Exact = true }).WaitForAsync();
        Assert.Empty(page.Problems);
    }

    /// <summary>The methods of a comparison are seen on the map, one beside the selection or two of them.</summary>
    [Fact]
    public async Task Compare_MethodsOfAComparison_AreLayers()
    {
        _folder.WritePool("pool.jsonl", 240);
        _folder.WriteTargets("targets.jsonl", 6);
        await SelectAsync("--budget", "20");
        await CliProcess.SucceedAsync(
            _folder.Root,
            [
                "compare",
                "--pool",
                "pool.jsonl",
                "--target",
                "targets.jsonl",
                "--budget",
                "20",
                "--methods",
                "tsds,random",
                "--out",
                "scores",
                "--no-cache",
            ]
        );
        using PageProcess explorer = await PageProcess.StartAsync(_folder.Root, "out", "scores");
        await using ExplorerPage page = await ExplorerPage.OpenAsync(browser, explorer.Address);
        await page.ShowAsync("Compare");
        ILocator second = page.Page.GetByLabel("Second");
        IReadOnlyList<string> layers = await second.Locator("option").AllInnerTextsAsync();
        Assert.Equal(["nothing", "random", "tsds"], layers.Select(layer => layer.Split(' ')[0]));

        // Nearly all that is chosen here is chosen by the same method in some fold, and by chance little.
        await second.SelectOptionAsync(new SelectOptionValue { Label = layers[1] });
        int byChance = await InBothAsync();
        await second.SelectOptionAsync(new SelectOptionValue { Label = layers[2] });
        int byFolds = await InBothAsync();
        Assert.True(byFolds > 10 && byFolds > byChance, $"{byFolds} {byChance}");

        await page.Page.GetByLabel("First").SelectOptionAsync(new SelectOptionValue { Label = layers[1] });
        await page.Page.GetByText("the rows of all its folds together").WaitForAsync();
        await page.Page.GetByText("only the second", new() { Exact = true }).WaitForAsync();
        await page.AssertAccessibleAsync();
        Assert.Empty(page.Problems);

        async Task<int> InBothAsync()
        {
            string chosen = await second.InputValueAsync();
            await page.Page.WaitForFunctionAsync(
                "layer => document.querySelector('#panel-compare .lead')?.dataset.second === layer",
                chosen
            );
            string both = await page.Page.Locator("#panel-compare .lead strong").InnerTextAsync();
            return int.Parse(both, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Server and page hold far less than 1.5 GB; bench/explorer measures how long it takes.</summary>
    [Fact]
    public async Task Page_OfAMillionVectors_Opens()
    {
        SuitePool.WriteVectors(_folder["pool.npy"], 1_000_000, 8, seed: 3);
        SuitePool.WriteVectors(_folder["targets.npy"], 40, 8, seed: 1_000_000_007, topics: 4);
        await CliProcess.SucceedAsync(
            _folder.Root,
            [
                "select",
                "--pool-vectors",
                "pool.npy",
                "--target-vectors",
                "targets.npy",
                "--budget",
                "5000",
                "--regularizer",
                "uniform",
                "--out",
                "out",
            ]
        );
        using PageProcess explorer = await PageProcess.StartAsync(_folder.Root, "out");
        await using ExplorerPage page = await ExplorerPage.OpenAsync(browser, explorer.Address);
        Assert.Contains(
            "1,000,000",
            await page.Page.Locator("#panel-overview").InnerTextAsync(),
            StringComparison.Ordinal
        );
        Assert.InRange(explorer.HeldBytes, 1, 900_000_000);
        Assert.InRange(await page.Page.EvaluateAsync<long>("performance.memory.usedJSHeapSize"), 1, 300_000_000);
        await page.DrawAsync((0.5f, 0.5f), (0.55f, 0.5f));
        await page.Page.WaitForURLAsync("**#*x=*");
        Assert.Empty(page.Problems);
    }

    /// <summary>Moves the focus until an element of a role has it.</summary>
    private static async Task TabToAsync(IPage page, string role)
    {
        for (int i = 0; i < 100; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<string?>("document.activeElement.getAttribute('role')") == role)
            {
                return;
            }
        }

        Assert.Fail($"The keyboard does not reach an element of the role {role}.");
    }

    private static async Task SaveAsync(ExplorerPage page, string folder)
    {
        await page.Button("Save…").ClickAsync();
        await page.Page.GetByLabel("New folder").FillAsync(folder);
        await page.Button("Save").ClickAsync();
        await page.Page.GetByText("tsds verify").WaitForAsync();
    }

    private Task SelectAsync(params string[] args) =>
        CliProcess.SucceedAsync(
            _folder.Root,
            ["select", "--pool", "pool.jsonl", "--target", "targets.jsonl", "--out", "out", "--no-cache", .. args]
        );
}
