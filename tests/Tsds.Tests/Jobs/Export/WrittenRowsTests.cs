using System.Text;
using System.Text.Json;
using Tsds.Data.Rows;
using Tsds.Jobs.Export;

namespace Tsds.Tests.Jobs.Export;

/// <summary>
/// The judge that reads an export back: what a writer with a mistake would leave on the disk is not moved into place.
/// </summary>
public sealed class WrittenRowsTests : IDisposable
{
    private const string Chat = """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}""";
    private const string Odd =
        """{"dialog":[{"from":"Human","value":"Q"},{"from":"chatgpt","value":"A"}],"system":"S"}""";
    private const string Preference = """{"prompt":"Q","chosen":"A","rejected":"B"}""";

    private readonly TempFolder _folder = new();

    public static TheoryData<string, string, string> Mistakes
    {
        get
        {
            TheoryData<string, string, string> data = [];
            foreach (string trainer in TrainerRules.InOrder.Where(rules => !rules.KeepsAll).Select(rules => rules.Word))
            {
                foreach (string mistake in new[] { "row", "word", "role", "type", "order" })
                {
                    data.Add(trainer, Chat, mistake);
                    data.Add(trainer, Odd, mistake);
                }

                if (trainer != "nemo")
                {
                    data.Add(trainer, Preference, "row");
                    data.Add(trainer, Preference, "word");
                }
            }

            return data;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Check_FilesThatAWriterGotWrong_AreRefused(string trainer, string row, string mistake)
    {
        TrainerRules rules = TrainerRules.InOrder.Single(known => known.Word == trainer);
        byte[] utf8 = Encoding.UTF8.GetBytes(row);
        using JsonDocument json = JsonDocument.Parse(row);
        RowParser parser = new(new RowReaderOptions { NeedsText = false });
        Assert.True(parser.TryScan(utf8) && parser.TryFindSchema(utf8, out _, out _));
        parser.TryFindSchema(utf8, out RowSchema schema, out string list);
        SelectedRow selected = SelectedRow.Of(1, utf8, json.RootElement, schema, list);
        ExportLayout layout = ExportLayout.Choose(rules, RowSurvey.Of([selected]));
        RowWriter writer = new(layout, textField: null);
        string line = Encoding.UTF8.GetString(writer.Write(selected));

        Check([line, line], layout, writer, selected);
        string[] wrong = mistake switch
        {
            "row" => [line],
            "word" => [line, line.Replace("\"A\"", "\"Another\"", StringComparison.Ordinal)],
            "role" =>
            [
                line,
                line.Replace("user", "narrator").Replace("Human", "narrator").Replace("human", "narrator"),
            ],
            "type" => [line, line.Replace("\"Q\"", "[\"Q\"]", StringComparison.Ordinal)],
            _ => [line, line.Replace("\"Q\"", "0").Replace("\"A\"", "\"Q\"").Replace("0", "\"A\"")],
        };
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Check(wrong, layout, writer, selected));
        Assert.Contains("mistake in tsds", error.Message, StringComparison.Ordinal);
        Assert.Contains(rules.Name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ColumnThatTheConfigurationNames_HasToBeThere()
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(Chat);
        using JsonDocument json = JsonDocument.Parse(Chat);
        SelectedRow selected = SelectedRow.Of(1, utf8, json.RootElement, RowSchema.ChatMl, "messages");
        ExportLayout layout = ExportLayout.Choose(TrainerRules.Of(Trainer.LlamaFactory), RowSurvey.Of([selected]));
        WrittenRows written = new(layout, new RowWriter(layout, textField: null));
        written.Expect(selected);
        string path = _folder.Write("rows.jsonl", Chat);
        InvalidDataException error = Assert.Throws<InvalidDataException>(() =>
            written.Check([path], ["messages", "history"], TestContext.Current.CancellationToken)
        );
        Assert.Contains("no column history, which the configuration names", error.Message, StringComparison.Ordinal);
    }

    private void Check(string[] lines, ExportLayout layout, RowWriter writer, SelectedRow selected)
    {
        WrittenRows written = new(layout, writer);
        written.Expect(selected);
        written.Expect(selected);
        string path = _folder.Write("rows.jsonl", lines);
        written.Check([path], TrainerSnippet.NamedColumns(layout), TestContext.Current.CancellationToken);
    }
}
