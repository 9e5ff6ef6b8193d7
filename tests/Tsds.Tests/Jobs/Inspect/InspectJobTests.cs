using System.Globalization;
using System.Text;
using Tsds.Data.Tokens;
using Tsds.Jobs.Inspect;

namespace Tsds.Tests.Jobs.Inspect;

public sealed class InspectJobTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_SomeFiles_CountsWhatIsInThem()
    {
        _folder.Write(
            "a.jsonl",
            """{"text":"Hello  world","note":"","tags":[ ],"n":null}""",
            """{"text":"Привет мир 你好","note":" ","tags":[1]}""",
            "oops",
            """{"text":"Hello world ","note":"x"}""",
            """{"text":"   "}"""
        );
        _folder.Write("b.csv", "instruction,input,output", "Hello,,world", "say,x,שלום");
        _folder.Write("c.jsonl", """{"body":"?"}""");

        InspectReport report = await InspectJob.RunAsync(
            new InspectJobOptions { Paths = [_folder.Root] },
            progress: null,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(["a.jsonl", "b.csv", "c.jsonl"], report.Files.Select(file => Path.GetFileName(file.Path)));
        InspectedFile first = report.Files[0];
        Assert.Equal(
            ("jsonl", "text", 4L, 1L),
            (first.File!.Container, first.File.Schema, first.File.Rows, first.File.SkippedRows)
        );
        Assert.Equal(3, Assert.Single(first.SkippedRows).Line);
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["note"] = 2,
                ["tags"] = 1,
                ["n"] = 1,
                ["text"] = 1,
            },
            first.EmptyFields
        );
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["Latin"] = 20,
                ["Cyrillic"] = 9,
                ["Han"] = 2,
            },
            first.Letters
        );
        Assert.Equal(12 + 13 + 12 + 3, first.Characters);

        // 29 ASCII characters, 9 others, 2 wide ones.
        Assert.Equal((29 / 4) + 4 + 2, first.Tokens);
        Assert.Equal(new Dictionary<string, long> { ["input"] = 1 }, report.Files[1].EmptyFields);
        Assert.Equal(4, report.Files[1].Letters["Hebrew"]);
        Assert.Contains("body (string)", report.Files[2].Problem, StringComparison.Ordinal);

        // Line 4 is line 1 with other blanks, and so is the first record of the table, whose turns are on lines of
        // their own.
        Assert.Equal((2, true), (report.DuplicateRows, report.IsDuplicateCountExact));
        Assert.Equal(6, report.Rows);
        Assert.True(report.PlannedMemoryBytes > 0);
    }

    [Fact]
    public async Task Run_RowsThatCrossBatches_AreAllCounted()
    {
        StringBuilder rows = new();
        for (int i = 0; i < 5000; i++)
        {
            rows.Append(
                    CultureInfo.InvariantCulture,
                    $$"""{"text":"{{new string('x', i % 7 == 0 ? 20_000 : 10)}}{{i / 2}}"}"""
                )
                .Append('\n');
        }

        _folder.Write("a.jsonl.zst", Compressed.Zstandard(Encoding.UTF8.GetBytes(rows.ToString())));
        InspectReport report = await InspectJob.RunAsync(
            new InspectJobOptions { Paths = [_folder.Root] },
            progress: null,
            TestContext.Current.CancellationToken
        );

        long expected = Enumerable.Range(0, 5000).GroupBy(i => (i % 7 == 0, i / 2)).Sum(group => group.LongCount() - 1);
        Assert.Equal((5000, expected), (report.Rows, report.DuplicateRows));
    }

    [Fact]
    public void DuplicateCounter_FullTable_EstimatesFromASample()
    {
        DuplicateCounter counter = new(capacity: 2000);
        for (int i = 0; i < 60_000; i++)
        {
            // Three of each text.
            counter.Add((i / 3).ToString(CultureInfo.InvariantCulture));
        }

        Assert.False(counter.IsExact);
        Assert.InRange(counter.Count, 40_000 * 0.85, 40_000 * 1.15);
    }

    [Theory]
    [InlineData("é", "Latin")]
    [InlineData("ж", "Cyrillic")]
    [InlineData("ع", "Arabic")]
    [InlineData("か", "Kana")]
    [InlineData("한", "Hangul")]
    [InlineData("𠀀", "Han")]
    [InlineData("क", "Devanagari")]
    [InlineData("ꦄ", "other")]
    [InlineData("😀", null)]
    [InlineData("٣", null)]
    public void UnicodeScripts_Letter_HasItsScript(string text, string? script)
    {
        int found = UnicodeScripts.Of(Rune.GetRuneAt(text, 0));
        Assert.Equal(script, found < 0 ? null : UnicodeScripts.NameOf(found));
    }
}
