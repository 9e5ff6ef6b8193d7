using System.Text;
using System.Text.Json;
using Tsds.Data.Rows;
using Tsds.Jobs.Export;
using Tsds.Tests.Jobs.Export.Judges;

namespace Tsds.Tests.Jobs.Export;

/// <summary>
/// The table of docs/formats.md, made by exporting one file of each kind to each trainer: what is exported passes the
/// trainer's judge, and what is refused leaves nothing behind. TSDS_APPROVE=1 writes the table.
/// </summary>
public sealed class TrainerTableTests : IDisposable
{
    private const string Begin = "<!-- What trainers get: written by TrainerTableTests -->\n";
    private const string End = "<!-- end -->\n";

    private static readonly (string Kind, string Row)[] Kinds =
    [
        (
            "`messages` with role and content",
            """{"messages":[{"role":"system","content":"S"},{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}"""
        ),
        (
            "role and content, the list under another name",
            """{"dialog":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}"""
        ),
        (
            "`messages` beside `prompt`",
            """{"prompt":"Q","messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}"""
        ),
        (
            "`conversations` with from and value",
            """{"conversations":[{"from":"human","value":"Q"},{"from":"gpt","value":"A"}]}"""
        ),
        (
            "other names of roles: Human, chatgpt, developer",
            """{"messages":[{"role":"developer","content":"S"},{"role":"Human","content":"Q"},{"role":"chatgpt","content":"A"}]}"""
        ),
        (
            "a column `system` beside turns",
            """{"system":"S","messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}"""
        ),
        (
            "`tool_calls` and the tool's answer",
            """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c","content":"1"},{"role":"assistant","content":"A"}]}"""
        ),
        (
            "turns function_call and observation",
            """{"conversations":[{"from":"human","value":"Q"},{"from":"function_call","value":"{\"name\":\"f\",\"arguments\":{\"a\":1}}"},{"from":"observation","value":"1"},{"from":"gpt","value":"A"}]}"""
        ),
        (
            "`tools` as a list",
            """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"tools":[{"type":"function","function":{"name":"f"}}]}"""
        ),
        (
            "`tools` as JSON text",
            """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"tools":"[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]"}"""
        ),
        (
            "content as parts of text",
            """{"messages":[{"role":"user","content":[{"type":"text","text":"Q"}]},{"role":"assistant","content":"A"}]}"""
        ),
        (
            "pictures as parts",
            """{"messages":[{"role":"user","content":[{"type":"text","text":"Q"},{"type":"image_url","image_url":{"url":"http://x/1.png"}}]},{"role":"assistant","content":"A"}]}"""
        ),
        (
            "`images` and &lt;image&gt; in the text",
            """{"messages":[{"role":"user","content":"<image>Q"},{"role":"assistant","content":"A"}],"images":["1.png"]}"""
        ),
        (
            "`weight` 0 on an answer",
            """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"bad","weight":0},{"role":"user","content":"R"},{"role":"assistant","content":"A","weight":1}]}"""
        ),
        (
            "`reasoning_content`",
            """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","reasoning_content":"R","content":"A"}]}"""
        ),
        (
            "two turns of the user in a row",
            """{"messages":[{"role":"user","content":"Q"},{"role":"user","content":"R"},{"role":"assistant","content":"A"}]}"""
        ),
        (
            "the assistant first",
            """{"messages":[{"role":"assistant","content":"H"},{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}"""
        ),
        (
            "a system turn in the middle",
            """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"},{"role":"system","content":"S"},{"role":"user","content":"R"},{"role":"assistant","content":"B"}]}"""
        ),
        (
            "a last question without an answer",
            """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"},{"role":"user","content":"R"}]}"""
        ),
        (
            "an empty or blank answer",
            """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":" \n "}]}"""
        ),
        (
            "a role that no format has",
            """{"messages":[{"role":"user","content":"Q"},{"role":"narrator","content":"N"},{"role":"assistant","content":"A"}]}"""
        ),
        ("alpaca", """{"instruction":"Q","output":"A"}"""),
        ("alpaca with input", """{"instruction":"Q","input":"I","output":"A"}"""),
        (
            "alpaca with system and history",
            """{"instruction":"Q","input":"","output":"A","system":"S","history":[["q","a"]]}"""
        ),
        ("prompt-completion, strings", """{"prompt":"Q","completion":"A"}"""),
        (
            "prompt-completion, lists of turns",
            """{"prompt":[{"role":"user","content":"Q"}],"completion":[{"role":"assistant","content":"A"}]}"""
        ),
        ("query-response", """{"query":"Q","response":"A"}"""),
        (
            "query-response with system and history",
            """{"query":"Q","response":"A","system":"S","history":[["q","a"]]}"""
        ),
        ("text", """{"text":"T"}"""),
        ("preference, strings", """{"prompt":"Q","chosen":"A","rejected":"B"}"""),
        (
            "preference, lists of turns",
            """{"prompt":[{"role":"user","content":"Q"}],"chosen":[{"role":"assistant","content":"A"}],"rejected":[{"role":"assistant","content":"B"}]}"""
        ),
        (
            "preference, the question in both answers",
            """{"chosen":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"rejected":[{"role":"user","content":"Q"},{"role":"assistant","content":"B"}]}"""
        ),
        ("preference, strings without a prompt", """{"chosen":"A","rejected":"B"}"""),
        ("pretokenized", """{"input_ids":[1,2],"attention_mask":[1,1],"labels":[-100,2]}"""),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("tsds-export-table-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Table_OfDocs_IsWhatTheExportDoes()
    {
        StringBuilder table = new();
        string[] names = [.. TrainerRules.InOrder.Select(rules => rules.KeepsAll ? "hf" : rules.Name)];
        table.Append("| rows | ").AppendJoin(" | ", names).Append(" |\n");
        table.Append("|---|").Append(string.Concat(names.Select(_ => "---|"))).Append('\n');
        foreach ((string kind, string row) in Kinds)
        {
            IEnumerable<string> cells = Enum.GetValues<Trainer>().Select(trainer => Cell(trainer, row));
            table.Append("| ").Append(kind).Append(" | ").AppendJoin(" | ", cells).Append(" |\n");
        }

        string path = Path.Combine(Repository.Root, "docs", "formats.md");
        string docs = File.ReadAllText(path);
        int begin = docs.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = docs.IndexOf(End, begin, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("TSDS_APPROVE") == "1")
        {
            File.WriteAllText(path, docs[..begin] + table + docs[end..]);
            return;
        }

        Assert.Equal(docs[begin..end], table.ToString());
    }

    private string Cell(Trainer trainer, string row)
    {
        string selection = Path.Combine(_folder, "out");
        string output = Path.Combine(_folder, "export");
        Directory.CreateDirectory(selection);
        File.WriteAllLines(Path.Combine(selection, "selected.jsonl"), Enumerable.Repeat(row, 10));
        try
        {
            ExportJob.Run(
                new ExportJobOptions
                {
                    Selection = selection,
                    Trainer = trainer,
                    Output = output,
                },
                TestContext.Current.CancellationToken
            );
        }
        catch (InvalidDataException refusal)
        {
            Assert.False(refusal.Message.Contains("mistake in tsds", StringComparison.Ordinal), refusal.Message);
            Assert.False(Directory.Exists(output));
            return "–";
        }

        Assert.Equal(10, TrainerJudge.Judge(trainer, output).Count);
        Directory.Delete(output, recursive: true);
        return FormOf(trainer, row);
    }

    private static string FormOf(Trainer trainer, string row)
    {
        RowParser parser = new(new RowReaderOptions { NeedsText = false });
        byte[] utf8 = Encoding.UTF8.GetBytes(row);
        using JsonDocument json = JsonDocument.Parse(row);
        Assert.True(parser.TryScan(utf8) && parser.TryFindSchema(utf8, out _, out _));
        parser.TryFindSchema(utf8, out RowSchema schema, out string list);
        bool holdsTurns = schema is not (RowSchema.Text or RowSchema.Pretokenized);
        SelectedRow selected = new(
            1,
            utf8,
            json.RootElement,
            schema,
            list,
            holdsTurns ? ConversationReader.Read(json.RootElement, schema, list) : null
        );
        TrainerRules rules = TrainerRules.Of(trainer);
        return ExportLayout.Choose(rules, RowSurvey.Of([selected])).Form switch
        {
            ExportForm.AsIs => "**as is**",
            ExportForm.Messages => "messages",
            ExportForm.PromptCompletion => "prompt, completion",
            ExportForm.Text => "text",
            ExportForm.Tokens => "its columns",
            _ => rules.Preference switch
            {
                PreferenceForm.Columns => "prompt, chosen, rejected",
                PreferenceForm.Turns => "messages, chosen, rejected",
                PreferenceForm.Conversations => "chosen, rejected",
                PreferenceForm.Response => "messages, rejected_response",
                _ => "input, outputs",
            },
        };
    }
}
