using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Report;

namespace Tsds.IntegrationTests;

/// <summary>The report as a person sees it: in a browser, on a phone and a desk, in daylight and in the dark.</summary>
public sealed class ReportTests(Browser browser) : IClassFixture<Browser>, IDisposable
{
    private const long LargestReport = 3_000_000;

    /// <summary>The least contrast of text that WCAG 2.1 asks for at level AA.</summary>
    private const double LeastContrast = 4.5;

    /// <summary>Contrast of a drawing's texts with the page: what axe does not look at.</summary>
    private const string ContrastOfPlots = """
        () => {
            const parse = color => color.match(/[\d.]+/g).slice(0, 3).map(Number);
            const luminance = color => parse(color)
                .map(value => value / 255)
                .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
                .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
            const page = luminance(getComputedStyle(document.body).backgroundColor);
            return [...document.querySelectorAll('svg text')]
                .map(text => luminance(getComputedStyle(text).fill))
                .map(text => (Math.max(page, text) + 0.05) / (Math.min(page, text) + 0.05));
        }
        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Report_OfTasks_ReadsWellAnywhere()
    {
        _folder.WritePool("pool.jsonl", 600);
        _folder.WriteTargets("food.jsonl", 8);
        WriteOddTargets("odd.jsonl");
        await SelectAsync("--target", "food=food.jsonl:3", "odd=odd.jsonl:1", "--budget", "10%");

        foreach (
            (ColorScheme scheme, int width) in new[]
            {
                (ColorScheme.Light, 390),
                (ColorScheme.Light, 1280),
                (ColorScheme.Dark, 390),
                (ColorScheme.Dark, 1280),
            }
        )
        {
            await using BrowserPage opened = await browser.OpenAsync(Report, scheme, width);
            await CheckAsync(opened, scheme);
            await CheckContentAsync(opened.Page);
        }
    }

    [Fact]
    public async Task Report_OfVectors_ShowsRowsByNumber()
    {
        _folder.WriteVectors("pool.npy", 200);
        _folder.WriteVectors("targets.npy", 5);
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            SelectCommand.Vectors("out", "--budget", "9", "--regularizer", "uniform")
        );
        Assert.True(result.ExitCode == 0, result.Error);

        await using BrowserPage opened = await browser.OpenAsync(Report, ColorScheme.Light, 390);
        await CheckAsync(opened, ColorScheme.Light);

        string text = await opened.Page.InnerTextAsync("body");
        Assert.Contains("9 of 200 rows chosen for 5 targets", text, StringComparison.Ordinal);
        Assert.Contains("row 0", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Near-duplicates", text, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out/clusters.jsonl"]));
    }

    /// <summary>Thirty rows are there twice, and most rows are chosen: some of the copies are among them.</summary>
    [Theory]
    [InlineData("rds+")]
    [InlineData("random")]
    public async Task Report_OfAMethodWithoutPlan_LeavesOutWhatOnlyAPlanHas(string method)
    {
        _folder.WritePool("pool.jsonl", 270);
        File.AppendAllLines(_folder["pool.jsonl"], File.ReadAllLines(_folder["pool.jsonl"])[..30]);
        _folder.WriteTargets("food.jsonl", 6);
        WriteOddTargets("odd.jsonl");
        await SelectAsync("--method", method, "--target", "food=food.jsonl", "odd=odd.jsonl", "--budget", "80%");

        await using BrowserPage opened = await browser.OpenAsync(Report, ColorScheme.Light, 390);
        await CheckAsync(opened, ColorScheme.Light);

        string text = await opened.Page.InnerTextAsync("body");
        JsonNode manifest = JsonNode.Parse(
            await File.ReadAllTextAsync(_folder["out/manifest.json"], TestContext.Current.CancellationToken)
        )!;
        string[] parts =
        [
            "240 of 300 rows chosen for 8 targets",
            $"Chosen by {method}.",
            "from a target to its nearest chosen row",
            "Where the chosen rows lie",
            "Sources before and after",
            "astronomy",
            "8 chosen rows, at random",
            "targets nearest to it",
            "Near-duplicates",
            "of copies, rows within",
            "The settings",
            manifest["selection"]!["sha256"]!.GetValue<string>(),
        ];
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
        string[] ofPlans =
        [
            "Alignment against diversity",
            "out of reach",
            "How near the pool",
            "Tasks",
            "The proof",
            "pulled by",
            "alpha",
            "NaN",
        ];

        // The specification names every option, whatever method it is for.
        string body = text[..text.IndexOf("The settings", StringComparison.Ordinal)];
        Assert.All(ofPlans, part => Assert.DoesNotContain(part, body, StringComparison.Ordinal));
        Assert.Equal(0, await opened.Page.Locator("section:not(:has(h2 ~ *)), table:not(:has(td))").CountAsync());
    }

    /// <summary>
    /// Rows, ids, sources, targets and tasks come from anywhere: all of it is shown, none of it is obeyed.
    /// </summary>
    [Fact]
    public async Task Report_HostileTexts_AreShownAsText()
    {
        string[] hostile =
        [
            "<script>alert(1)</script>",
            "</style></title><img src=x onerror=alert(2)>",
            "</bdi></main><iframe src=https://example.org></iframe>",
            "\" onmouseover=\"alert(3)\" '><svg onload=alert(4)>",
            "&lt;b&gt; stays as it is; <!-- no comment ]]>",
            "right \u202E to left \u2066 and \u0007 \uFEFF hidden",
            new('x', 5_000),
            string.Concat(Enumerable.Repeat("🏳️‍🌈", 900)),
        ];
        File.WriteAllLines(
            _folder["pool.jsonl"],
            hostile.Select(
                (text, i) =>
                    new JsonObject
                    {
                        ["id"] = hostile[i % 4],
                        ["source"] = hostile[(i + 1) % 4],
                        ["text"] = $"{text} number {i}",
                    }.ToJsonString()
            )
        );
        File.WriteAllLines(
            _folder["<u>&.jsonl"],
            hostile.Select(text => new JsonObject { ["text"] = text }.ToJsonString())
        );
        File.WriteAllText(_folder["other.jsonl"], """{"text":"number 1"}""");
        await SelectAsync(
            "--target",
            "<u>&.jsonl",
            "other.jsonl",
            "--budget",
            "100%",
            "--sampling",
            "top",
            "--alpha",
            "0.1"
        );

        await using BrowserPage opened = await browser.OpenAsync(Report, ColorScheme.Light, 390);
        await CheckAsync(opened, ColorScheme.Light);

        string text = await opened.Page.InnerTextAsync("body");
        Assert.Contains("<script>alert(1)</script>", text, StringComparison.Ordinal);
        Assert.Contains("</style></title><img src=x onerror=alert(2)>", text, StringComparison.Ordinal);
        Assert.Contains("&lt;b&gt; stays as it is; <!-- no comment ]]>", text, StringComparison.Ordinal);
        Assert.Contains("right [U+202E] to left [U+2066] and [U+0007] [U+FEFF] hidden", text, StringComparison.Ordinal);
        Assert.Contains("<u>&", text, StringComparison.Ordinal);
        Assert.DoesNotContain(new string('x', 700), text, StringComparison.Ordinal);
        string page = await File.ReadAllTextAsync(Report, TestContext.Current.CancellationToken);
        Assert.DoesNotContain(page, character => character is '\u202E' or '\u2066' or '\uFEFF' or '\u0007');
        Assert.Equal(
            0,
            await opened
                .Page.Locator("script, img, iframe, u, b, object, link, [onload], [onerror], [onmouseover], [style]")
                .CountAsync()
        );
        Assert.Equal(1, await opened.Page.Locator("main").CountAsync());
    }

    [Fact]
    public async Task Report_WithoutScripts_FoldsAndUnfolds()
    {
        _folder.WritePool("pool.jsonl", 300);
        _folder.WriteTargets("targets.jsonl", 6);
        await SelectAsync("--target", "targets.jsonl", "--budget", "20");

        await using BrowserPage opened = await browser.OpenAsync(Report, runsScripts: false);
        ILocator manifest = opened.Page.Locator("details", new PageLocatorOptions { HasText = "Manifest" });
        Assert.False(await manifest.Locator("pre").IsVisibleAsync());
        await manifest.Locator("summary").ClickAsync();
        Assert.True(await manifest.Locator("pre").IsVisibleAsync());
        Assert.Empty(opened.Problems);
    }

    [Fact]
    public async Task Select_NoReport_LeavesItOutAndStillVerifies()
    {
        _folder.WritePool("pool.jsonl", 300);
        _folder.WriteTargets("targets.jsonl", 6);
        await SelectAsync("--target", "targets.jsonl", "--budget", "20", "--no-report");

        Assert.False(File.Exists(Report));
        Assert.True(File.Exists(_folder["out/clusters.jsonl"]));
        CliResult verified = await CliProcess.RunAsync(_folder.Root, "verify", "out");
        Assert.True(verified.ExitCode == 0, verified.Out + verified.Error);
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task ComparisonReport_OfScorecards_ShowsSkillsWithIntervals(ColorScheme scheme)
    {
        float[] pool = [.. Enumerable.Range(0, 240).SelectMany(row => Vector(row, row < 80 ? 1 : -1))];
        float[] targets = [.. Enumerable.Range(1_000, 48).SelectMany(row => Vector(row, 1))];
        using CandidatePool candidates = CandidatePool.FromEmbeddings(new EmbeddingMatrix(pool, 3));
        Evaluator evaluator = await Evaluator.CreateAsync(
            new EvaluationData
            {
                Pool = candidates,
                Targets = new EmbeddingMatrix(targets, 3).Normalize(Normalization.L2),
            },
            budget: 40,
            new EvaluatorOptions { RandomCount = 3, ResampleCount = 100 },
            cancellationToken: TestContext.Current.CancellationToken
        );
        Scorecard near = await EvaluateAsync(evaluator, "tsds", 0);
        Scorecard far = await EvaluateAsync(evaluator, "<b>others</b>", 150);
        using (FileStream stream = File.Create(_folder["compare.html"]))
        {
            ComparisonReport.Write(
                stream,
                "tsds is nearest to held-out targets",
                "Two methods, 40 rows each, judged by 24 targets.",
                [near, far],
                """{"seed": 0}"""
            );
        }

        await using BrowserPage opened = await browser.OpenAsync(_folder["compare.html"], scheme, 390);
        await CheckAsync(opened, scheme);

        string text = await opened.Page.InnerTextAsync("body");
        Assert.Contains("tsds is nearest to held-out targets", text, StringComparison.Ordinal);
        Assert.Contains("<b>others</b>", text, StringComparison.Ordinal);
        Interval interval = near["wasserstein1"].SkillInterval!.Value;
        Assert.Contains(
            string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{interval.Low:F2} to {interval.High:F2}"
            ),
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("energyDistance", text, StringComparison.Ordinal);
        Assert.Contains("\"seed\": 0", text, StringComparison.Ordinal);
    }

    private string Report => _folder["out/report.html"];

    /// <summary>Asserts the properties that hold for every report, with everything unfolded.</summary>
    private static async Task CheckAsync(BrowserPage opened, ColorScheme scheme)
    {
        IPage page = opened.Page;
        Assert.True(new FileInfo(new Uri(page.Url).LocalPath).Length < LargestReport);
        await opened.UnfoldAsync();
        Assert.Equal(
            await page.EvaluateAsync<int>("window.innerWidth"),
            Math.Max(
                await page.EvaluateAsync<int>("window.innerWidth"),
                await page.EvaluateAsync<int>("document.documentElement.scrollWidth")
            )
        );
        double[] background = await page.EvaluateAsync<double[]>(
            "getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number)"
        );
        Assert.Equal(scheme == ColorScheme.Dark, background[..3].Average() < 128);
        Assert.All(
            await page.EvaluateAsync<double[]>(ContrastOfPlots),
            contrast => Assert.InRange(contrast, LeastContrast, 21)
        );
        AxeResult axe = await page.RunAxe();
        Assert.Empty(
            axe.Violations.SelectMany(violation =>
                violation.Nodes.Select(node => $"{violation.Id}: {violation.Help}: {node.Html}")
            )
        );
        Assert.Contains(axe.Passes, pass => pass.Id == "color-contrast");
        Assert.Empty(opened.Problems);
    }

    private async Task CheckContentAsync(IPage page)
    {
        string text = await page.InnerTextAsync("body");
        JsonNode manifest = JsonNode.Parse(
            await File.ReadAllTextAsync(_folder["out/manifest.json"], TestContext.Current.CancellationToken)
        )!;
        string[] parts =
        [
            "60 of 600 rows chosen for 10 targets",
            "Proven optimal.",
            "2 of 10 targets are out of reach",
            "zyx wvu tsr qpo",
            "Alignment against diversity",
            "Where the chosen rows lie",
            "Sources before and after",
            "astronomy",
            "Tasks",
            "Near-duplicates",
            "8 chosen rows, at random",
            "The proof, and the settings",
            manifest["selection"]!["sha256"]!.GetValue<string>(),
        ];
        Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));

        // What differs from run to run stays out, so that the page does not.
        Assert.DoesNotContain("peakMemoryBytes", text, StringComparison.Ordinal);
    }

    private static async Task<Scorecard> EvaluateAsync(Evaluator evaluator, string method, int first)
    {
        SelectedRows rows = new(Enumerable.Range(first, 40).Select(row => (long)row).ToArray());
        return await evaluator.EvaluateAsync(
            method,
            [.. evaluator.Folds.Select(_ => rows)],
            TestContext.Current.CancellationToken
        );
    }

    private static float[] Vector(int row, int side) =>
        [side, 0.9f * MathF.Sin(row * 12.9898f), 0.9f * MathF.Cos(row * 78.233f)];

    /// <summary>Targets of words that no row has.</summary>
    private void WriteOddTargets(string name) =>
        File.WriteAllLines(
            _folder[name],
            [
                """{"id":"o0","instruction":"zyx wvu tsr qpo","output":"nml kji salt onion"}""",
                """{"id":"o1","instruction":"abab cdcd efef","output":"ghgh ijij klkl oven"}""",
            ]
        );

    private async Task SelectAsync(params string[] args)
    {
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            ["select", "--pool", "pool.jsonl", "--out", "out", .. args]
        );
        Assert.True(result.ExitCode == 0, result.Error);
    }
}
