using System.Text.Json.Nodes;
using CsCheck;
using Tsds.Data.Rows;
using Tsds.Jobs.Export;
using Tsds.Tests.Jobs.Export.Judges;

namespace Tsds.Tests.Jobs.Export;

/// <summary>
/// Conversations of every shape, to every trainer: what is exported without a refusal passes the trainer's judge, and
/// none of its words is lost.
/// </summary>
public sealed class ExportPropertyTests : IDisposable
{
    private const int RowsPerFile = 12;

    private readonly string _folder = Directory.CreateTempSubdirectory("tsds-export-property-").FullName;
    private int _file;

    /// <summary>
    /// The number of files is small here; TSDS_EXPORT_FILES makes it larger: 850 files are 10,000 conversations.
    /// </summary>
    private static long Files =>
        long.TryParse(Environment.GetEnvironmentVariable("TSDS_EXPORT_FILES"), out long files) ? files : 60;

    /// <summary>
    /// Gets a folder that keeps all exports, for the trainers' own code to read: a folder for each file and trainer;
    /// null to keep none.
    /// </summary>
    private static string? Kept => Environment.GetEnvironmentVariable("TSDS_EXPORT_KEEP");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_RowsOfEveryShape_PassTheJudgeOfEveryTrainerOrAreRefused() => Sample("0000KOIKp5D2", Files);

    /// <summary>The rows with media are left out, and those that stay have parts that are texts alone.</summary>
    [Fact]
    public void Run_RowsLeftOutDecidedTheForm_TheOthersPass() => Sample("ce8AA2u5CPK1", 1);

    private void Sample(string seed, long files) =>
        GeneratedFile
            .Of(RowsPerFile)
            .Sample(
                rows =>
                {
                    _file++;
                    foreach (Trainer trainer in Enum.GetValues<Trainer>())
                    {
                        Check(trainer, rows);
                    }
                },
                iter: files,
                threads: 1,
                seed: seed,
                print: rows => string.Join('\n', rows.Select(row => row.Json))
            );

    private void Check(Trainer trainer, IReadOnlyList<GeneratedRow> rows)
    {
        string selection = Path.Combine(_folder, "out");
        string output = Kept is null
            ? Path.Combine(_folder, "export")
            : Path.Combine(Kept, $"{_file:D4}", TrainerRules.Of(trainer).Word);
        Directory.CreateDirectory(selection);
        if (Directory.Exists(output))
        {
            Directory.Delete(output, recursive: true);
        }

        File.WriteAllLines(Path.Combine(selection, "selected.jsonl"), rows.Select(row => row.Json));
        ExportSummary summary;
        try
        {
            summary = ExportJob.Run(
                new ExportJobOptions
                {
                    Selection = selection,
                    Trainer = trainer,
                    Output = output,
                    OnBadRow = BadRowPolicy.Skip,
                },
                TestContext.Current.CancellationToken
            );
        }
        catch (InvalidDataException refusal)
        {
            Assert.False(refusal.Message.Contains("mistake in tsds", StringComparison.Ordinal), refusal.Message);
            Assert.False(Directory.Exists(output));
            return;
        }

        HashSet<long> skipped = [.. summary.SkippedRows.Select(row => row.Line)];
        GeneratedRow[] exported = [.. rows.Where((_, i) => !skipped.Contains(i + 1))];
        IReadOnlyList<JudgedRow> judged;
        try
        {
            judged = TrainerJudge.Judge(trainer, output);
        }
        catch (JudgeException failure)
        {
            throw new InvalidOperationException($"{trainer} ({summary.Schema}): {failure.Message}", failure);
        }

        Assert.Equal(exported.Length, judged.Count);
        for (int i = 0; i < exported.Length; i++)
        {
            Compare(trainer, exported[i], judged[i]);
        }
    }

    private static void Compare(Trainer trainer, GeneratedRow row, JudgedRow judged)
    {
        string said = Squeeze(
            string.Concat(judged.Turns.Select(turn => turn.Text + "\n"))
                .Replace("<image>", "", StringComparison.Ordinal)
        );
        foreach (GeneratedTurn turn in row.Turns)
        {
            string text = turn.Text is null ? "" : turn.Text.Replace("<image>", "", StringComparison.Ordinal);

            // A data set keeps its columns in their order, so that an input may stand after the answer.
            string[] pieces = trainer == Trainer.HuggingFace ? text.Split('\n') : [text];
            Assert.All(
                pieces,
                piece =>
                    Assert.True(
                        said.Contains(Squeeze(piece), StringComparison.Ordinal),
                        $"{trainer} loses: {piece}\n{row.Json}"
                    )
            );
            if (turn.Call is { } call)
            {
                string name = trainer == Trainer.HuggingFace ? "" : Squeeze($"{call.Name} {call.Arguments}");
                Assert.True(said.Contains(name, StringComparison.Ordinal), $"{trainer} loses: {name}\n{row.Json}");
            }

            bool isTrained = judged.Turns.Any(other =>
                other.IsTrained && turn.Text is not null && other.Text.Contains(turn.Text, StringComparison.Ordinal)
            );
            Assert.True(
                !turn.IsMasked || !isTrained || trainer == Trainer.HuggingFace,
                $"{trainer} trains on what is masked: {turn.Text}\n{row.Json}"
            );
        }

        if (trainer != Trainer.HuggingFace)
        {
            string[] tools = judged.Tools is null
                ? []
                : [.. JsonNode.Parse(judged.Tools)!.AsArray().Select(tool => (string)tool!["function"]!["name"]!)];
            Assert.Equal(row.Tools, tools);
            Assert.Equal(row.Media, judged.Media ?? []);
        }
    }

    private static string Squeeze(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c != '\\'));
}
