using System.Globalization;
using System.Text;
using Tsds.Data.Tokens;
using Tsds.Jobs.Export;
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
        Assert.Equal(("jsonl", "text", 3L, 2L), (first.Container, first.Schema, first.Rows, first.BadRows));
        // A row without text is one that select cannot use.
        Assert.Equal([3L, 5L], first.FirstBadRows.Select(row => row.Line));
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["note"] = 2,
                ["tags"] = 1,
                ["n"] = 1,
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
        Assert.Equal(12 + 13 + 12, first.Characters);

        // 26 ASCII characters, 9 others, 2 wide ones.
        Assert.Equal((26 / 4) + 4 + 2, first.Tokens);
        Assert.Equal(new Dictionary<string, long> { ["input"] = 1 }, report.Files[1].EmptyFields);
        Assert.Equal(4, report.Files[1].Letters["Hebrew"]);
        Assert.Contains("body (string)", report.Files[2].Problem, StringComparison.Ordinal);

        // Line 4 is line 1 with other blanks, and so is the first record of the table, whose turns are on lines of
        // their own.
        Assert.Equal((2, true), (report.DuplicateRows, report.IsDuplicateCountExact));
        Assert.Equal(5, report.Rows);
        Assert.True(report.PlannedMemoryBytes > 0);
    }

    /// <summary>The rows that each trainer would read are counted before anything is selected or exported.</summary>
    [Fact]
    public async Task Run_Conversations_CountsThemForEveryTrainer()
    {
        _folder.Write(
            "a.jsonl",
            """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}""",
            """{"conversations":[{"from":"human","value":"Q"},{"from":"gpt","value":"A"}]}""",
            """{"messages":[{"role":"user","content":"Q"},{"role":"user","content":"R"},{"role":"assistant","content":"A"}]}"""
        );
        _folder.Write("empty.jsonl");
        InspectReport report = await InspectJob.RunAsync(
            new InspectJobOptions { Paths = [_folder.Root] },
            progress: null,
            TestContext.Current.CancellationToken
        );
        TrainerCount Of(Trainer trainer) => report.Files[0].Trainers.Single(count => count.Trainer == trainer);
        Assert.Equal((2, 1, 0), (Of(Trainer.Trl).AsIs, Of(Trainer.Trl).Rewritten, Of(Trainer.Trl).Refused));
        Assert.Equal(
            (2, 0, 1),
            (Of(Trainer.Torchtune).AsIs, Of(Trainer.Torchtune).Rewritten, Of(Trainer.Torchtune).Refused)
        );
        RowProblem refused = Assert.Single(Of(Trainer.Torchtune).FirstRefused);
        Assert.Equal(3, refused.Line);
        Assert.Contains("messages[1] from user after user", refused.Reason, StringComparison.Ordinal);

        // An empty shard of a pool is no problem.
        Assert.Null(report.Files[1].Problem);
        Assert.Equal(3, report.Rows);
    }

    /// <summary>Rows that would stop a selection are listed before it, with the cause.</summary>
    [Fact]
    public async Task Run_FilesAndRowsThatCannotBeUsed_NamesTheCauses()
    {
        _folder.Write("lfs.parquet", "version https://git-lfs.github.com/spec/v1", "oid sha256:0");
        _folder.Write("wide.jsonl", System.Text.Encoding.Unicode.GetBytes("""{"text":"x"}"""));
        _folder.Write("packed.jsonl.xz", [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 0, 4]);
        string rows = _folder.Write(
            "rows.jsonl",
            """{"text":"good"}""",
            "\uFEFF{\"text\":\"joined\"}",
            """{"text":" "}""",
            """{"text":NaN}"""
        );

        InspectReport report = await InspectJob.RunAsync(
            new InspectJobOptions { Paths = [_folder.Root] },
            cancellationToken: TestContext.Current.CancellationToken
        );

        string[] problems = [.. report.Files.Where(file => file.Path != rows).Select(file => file.Problem!)];
        Assert.Collection(
            problems,
            problem => Assert.Contains("found a Git LFS pointer", problem, StringComparison.Ordinal),
            problem => Assert.Contains("found xz", problem, StringComparison.Ordinal),
            problem => Assert.Contains("found UTF-16", problem, StringComparison.Ordinal)
        );
        InspectedFile read = report.Files.Single(file => file.Path == rows);
        Assert.Equal(1, read.Rows);
        Assert.Collection(
            read.FirstBadRows,
            row => Assert.Contains("byte order mark (BOM)", row.Reason, StringComparison.Ordinal),
            row => Assert.Contains("expected some text", row.Reason, StringComparison.Ordinal),
            row => Assert.Contains("found NaN", row.Reason, StringComparison.Ordinal)
        );
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
