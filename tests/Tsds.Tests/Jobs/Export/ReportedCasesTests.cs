using System.Text.Json.Nodes;
using Tsds.Data.Rows;
using Tsds.Jobs.Export;
using Tsds.Tests.Jobs.Export.Judges;

namespace Tsds.Tests.Jobs.Export;

/// <summary>
/// Public reports about trainers, rebuilt: each row here once went to a trainer "byte for byte" that then failed on it,
/// dropped it, or lost some of its words.
/// </summary>
public sealed class ReportedCasesTests : IDisposable
{
    private const string Plain =
        """{"messages":[{"role":"user","content":"Plain question"},{"role":"assistant","content":"Plain answer"}]}""";
    private const string PlainShareGpt =
        """{"conversations":[{"from":"human","value":"Plain question"},{"from":"gpt","value":"Plain answer"}]}""";

    private static readonly string[] Fields = ["city", "amount", "name"];
    private static readonly string[] Arguments = ["""{"city":"Oslo"}""", "\"{\\\"amount\\\": 3}\"", "{}"];
    private static readonly Trainer[] Trainers = [.. Enum.GetValues<Trainer>().Where(t => t != Trainer.HuggingFace)];

    private readonly string _folder = Directory.CreateTempSubdirectory("tsds-export-reports-").FullName;

    private string Out => Path.Combine(_folder, "export");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// LlamaFactory 2490 and 3874: the description of the data set names a column that the file lacks.
    /// </summary>
    [Theory]
    [InlineData("""{"instruction":"Q","output":"A"}""", """{"prompt":"instruction","response":"output"}""")]
    [InlineData("""{"query":"Q","response":"A"}""", """{"prompt":"query","response":"response"}""")]
    [InlineData(
        """{"prompt":"Q","chosen":"A","rejected":"B"}""",
        """{"prompt":"prompt","chosen":"chosen","rejected":"rejected"}"""
    )]
    public void LlamaFactory_DescriptionOfTheDataset_NamesTheColumnsOfTheFileAlone(string row, string columns)
    {
        Export(Trainer.LlamaFactory, row);
        JsonNode info = JsonNode.Parse(File.ReadAllText(Path.Combine(Out, "dataset_info.json")))!;
        Assert.Equal(columns, info["selected"]!["columns"]!.ToJsonString());
        Assert.Equal(["Q", "A"], Words(Trainer.LlamaFactory).Take(2));
    }

    /// <summary>The sample of the README goes to every trainer.</summary>
    [Fact]
    public void Sample_OfTheReadme_PassesTheJudgeOfEveryTrainer()
    {
        string[] rows = [.. File.ReadLines(Path.Combine(Repository.Root, "samples", "pool.jsonl")).Take(50)];
        foreach (Trainer trainer in Enum.GetValues<Trainer>())
        {
            Export(trainer, rows);
            Assert.Equal(50, TrainerJudge.Judge(trainer, Out).Count);
        }
    }

    [Fact]
    public void Preference_WithoutAQuestion_IsRefusedWhereTheTrainerNeedsOne() =>
        Assert.Contains(
            "line 1: expected a question to the answers chosen and rejected, found none",
            Refuse(Trainer.LlamaFactory, """{"chosen":"A","rejected":"B"}"""),
            StringComparison.Ordinal
        );

    /// <summary>Axolotl 752, unsloth 1766, LlamaFactory 6924: keys and roles under other names.</summary>
    [Theory]
    [InlineData("""{"messages":[{"role":"human","content":"Q"},{"role":"gpt","content":"A"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"Q"},{"role":"model","content":"A"}]}""")]
    [InlineData("""{"messages":[{"from":"user","value":"Q"},{"from":"assistant ","value":"A"}]}""")]
    [InlineData("""{"conversations":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}""")]
    [InlineData("""{"conversations":[{"from":"Human","value":"Q"},{"from":"GPT","value":"A"}]}""")]
    [InlineData("""{"dialog":[{"from":"human","value":"Q"},{"from":"chatgpt","value":"A"}]}""")]
    public void Turns_UnderOtherNames_ReachEveryTrainer(string row)
    {
        foreach (Trainer trainer in Trainers)
        {
            ExportMany(trainer, row);
            JudgedRow judged = TrainerJudge.Judge(trainer, Out)[0];
            Assert.Equal([("user", "Q", false), ("assistant", "A", true)], judged.Turns.Select(Said));
        }
    }

    /// <summary>A call of a tool in a turn of its own, with its answer.</summary>
    [Fact]
    public void CallTurns_ReachEveryTrainerThatHasAPlaceForThem()
    {
        const string row =
            """{"conversations":[{"from":"human","value":"call it"},{"from":"function_call","value":"{\"name\":\"f\",\"arguments\":{}}"},{"from":"observation","value":"7"},{"from":"gpt","value":"seven"}]}""";
        foreach (Trainer trainer in Trainers.Where(trainer => trainer != Trainer.Torchtune))
        {
            ExportMany(trainer, row);
            Assert.Equal(["call it", "f {}", "7", "seven"], Words(trainer).Select(text => text.Trim()));
        }

        Assert.Contains(
            "expected conversations[1] without calls of tools",
            Refuse(Trainer.Torchtune, row),
            StringComparison.Ordinal
        );
    }

    /// <summary>LlamaFactory 2962 and 4023, torchtune 2405: the order of turns.</summary>
    [Theory]
    [InlineData(nameof(Trainer.Torchtune), "user user assistant", "messages[1] from user after user")]
    [InlineData(nameof(Trainer.Torchtune), "user assistant assistant", "messages[2] from assistant after assistant")]
    [InlineData(
        nameof(Trainer.Torchtune),
        "system assistant user assistant",
        "messages[1] from assistant after system"
    )]
    [InlineData(nameof(Trainer.Torchtune), "user assistant system user assistant", "messages[2] from system")]
    [InlineData(nameof(Trainer.LlamaFactory), "user user assistant", "messages[1] from user after user")]
    [InlineData(nameof(Trainer.LlamaFactory), "user assistant assistant", "messages[2] from assistant after assistant")]
    [InlineData(nameof(Trainer.LlamaFactory), "assistant user assistant", "messages[0] from assistant first")]
    [InlineData(nameof(Trainer.LlamaFactory), "user assistant system user assistant", "messages[2] from system")]
    [InlineData(nameof(Trainer.LlamaFactory), "user assistant user", "end with the assistant")]
    [InlineData(nameof(Trainer.MsSwift), "user assistant system user assistant", "messages[2] from system")]
    [InlineData(nameof(Trainer.MsSwift), "user assistant user", "end with the assistant")]
    [InlineData(nameof(Trainer.OpenAI), "user assistant user", "end with the assistant")]
    public void Turns_InAnOrderThatTheTrainerDropsOrRefuses_AreRefusedWithTheLine(
        string trainer,
        string roles,
        string reason
    )
    {
        string turns = string.Join(
            ',',
            roles.Split(' ').Select((role, i) => $$"""{"role":"{{role}}","content":"text {{i}}"}""")
        );
        string message = Refuse(Enum.Parse<Trainer>(trainer), Plain, $$"""{"messages":[{{turns}}]}""");
        Assert.Contains("line 2: ", message, StringComparison.Ordinal);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    /// <summary>The role developer is the system's, and rows with it are not dropped.</summary>
    [Fact]
    public void Developer_ReachesEveryTrainerAsSystem()
    {
        const string row =
            """{"messages":[{"role":"developer","content":"use metric"},{"role":"user","content":"one"},{"role":"assistant","content":"two"}]}""";
        foreach (Trainer trainer in Trainers)
        {
            ExportMany(trainer, row);
            Assert.Equal(("system", "use metric", false), Said(TrainerJudge.Judge(trainer, Out)[0].Turns[0]));
        }
    }

    /// <summary>Trl 4110 and LlamaFactory 6871: the kind of rows guessed from their columns.</summary>
    [Theory]
    [InlineData(
        """{"prompt":"Q","prompt_id":"0","messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}"""
    )]
    [InlineData(
        """{"prompt":[{"role":"user","content":"Q"}],"completion":[{"role":"assistant","content":"A"}],"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}"""
    )]
    [InlineData(
        """{"instruction":"Q","output":"A","messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}"""
    )]
    [InlineData("""{"dialog":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}""")]
    public void Columns_BesideTheTurns_DoNotChangeWhatTheRowIs(string row)
    {
        foreach (Trainer trainer in Trainers)
        {
            ExportMany(trainer, row);
            Assert.Equal(["Q", "A"], Words(trainer));
        }
    }

    /// <summary>LlamaFactory 2464: a system prompt in a column beside the turns.</summary>
    [Theory]
    [InlineData(PlainShareGpt)]
    [InlineData(Plain)]
    public void SystemColumn_ReachesEveryTrainer(string row)
    {
        string withSystem = row[..^1] + ",\"system\":\"Answer in rhyme\"}";
        foreach (Trainer trainer in Trainers)
        {
            ExportMany(trainer, withSystem);
            Assert.Equal(("system", "Answer in rhyme", false), Said(TrainerJudge.Judge(trainer, Out)[0].Turns[0]));
        }
    }

    /// <summary>Ms-swift 10110: tools aligned with each other's nulls.</summary>
    [Fact]
    public void Tools_OfDifferentArguments_AreNotFilledWithNulls()
    {
        string[] rows =
        [
            .. Fields.Select(name =>
                Plain[..^1]
                + ""","tools":[{"type":"function","function":{"name":"f","parameters":{"properties":{"NAME":{"type":"string"}}}}}]}""".Replace(
                    "NAME",
                    name,
                    StringComparison.Ordinal
                )
            ),
        ];
        foreach (Trainer trainer in Trainers.Where(trainer => trainer is not (Trainer.Torchtune or Trainer.OpenAI)))
        {
            Export(trainer, rows);
            string[] tools = [.. TrainerJudge.Judge(trainer, Out).Select(row => row.Tools!)];
            Assert.All(tools, text => Assert.DoesNotContain("null", text, StringComparison.Ordinal));
            Assert.Contains("\"amount\"", tools[1], StringComparison.Ordinal);
        }
    }

    /// <summary>Axolotl 3136: arguments of mixed types.</summary>
    [Fact]
    public void Arguments_OfMixedTypes_BecomeJsonText()
    {
        string[] rows =
        [
            .. Arguments.Select(arguments =>
                """{"messages":[{"role":"user","content":"Do"},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":ARGUMENTS}}]},{"role":"tool","tool_call_id":"c","content":"ok"},{"role":"assistant","content":"Done"}]}""".Replace(
                    "ARGUMENTS",
                    arguments,
                    StringComparison.Ordinal
                )
            ),
        ];
        foreach (Trainer trainer in Trainers.Where(trainer => trainer is not (Trainer.Torchtune or Trainer.OpenAI)))
        {
            Export(trainer, rows);
            Assert.Equal(
                ["""f {"city":"Oslo"}""", """f {"amount":3}""", "f {}"],
                TrainerJudge.Judge(trainer, Out).Select(row => row.Turns.First(turn => turn.Text[0] == 'f').Text.Trim())
            );
        }
    }

    /// <summary>LlamaFactory 6135: pictures are named in the configuration where the trainer takes them.</summary>
    [Theory]
    [InlineData("\"images\":[\"img/0.jpg\"]")]
    [InlineData("\"image\":\"img/0.jpg\"")]
    public void Images_AreMappedOrRefused(string column)
    {
        string row =
            """{"messages":[{"role":"user","content":"<image>Q"},{"role":"assistant","content":"A"}],""" + column + "}";
        foreach (Trainer trainer in Trainers)
        {
            if (trainer is Trainer.LlamaFactory or Trainer.MsSwift)
            {
                Export(trainer, row);
                Assert.Equal(["img/0.jpg"], TrainerJudge.Judge(trainer, Out)[0].Media);
            }
            else
            {
                Assert.Contains("found image", Refuse(trainer, row), StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Tools as a list go to LLaMA-Factory as the JSON text that it parses.</summary>
    [Fact]
    public void LlamaFactory_ToolsAsAList_BecomeText()
    {
        Export(Trainer.LlamaFactory, Plain[..^1] + ""","tools":[{"type":"function","function":{"name":"f"}}]}""");
        Assert.Equal(
            """[{"type":"function","function":{"name":"f"}}]""",
            TrainerJudge.Judge(Trainer.LlamaFactory, Out)[0].Tools
        );
    }

    /// <summary>
    /// Turns with weight 0 are not trained on: where the trainer cannot leave them out, the row is refused.
    /// </summary>
    [Fact]
    public void Weight_IsPassedOnOrRefused()
    {
        const string row =
            """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"bad","weight":0},{"role":"user","content":"again"},{"role":"assistant","content":"good","weight":1}]}""";
        foreach (Trainer trainer in Trainers)
        {
            if (trainer is Trainer.Axolotl or Trainer.MsSwift or Trainer.OpenAI)
            {
                ExportMany(trainer, row);
                Assert.Equal(
                    [false, false, false, true],
                    TrainerJudge.Judge(trainer, Out)[0].Turns.Select(turn => turn.IsTrained)
                );
            }
            else
            {
                Assert.Contains("found messages[1] with weight 0", Refuse(trainer, row), StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Axolotl 1703: strings and lists of text parts in one column.</summary>
    [Fact]
    public void Parts_OfText_AreJoined()
    {
        const string parts =
            """{"messages":[{"role":"user","content":[{"type":"text","text":"one "},{"type":"text","text":"two"}]},{"role":"assistant","content":"A"}]}""";
        foreach (Trainer trainer in Trainers)
        {
            Export(trainer, [.. Enumerable.Repeat(Plain, 9), parts]);
            Assert.Equal("one two", TrainerJudge.Judge(trainer, Out)[^1].Turns[0].Text);
        }
    }

    /// <summary>Axolotl 290: an empty or blank last answer.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(" \\n ")]
    public void LastAnswer_EmptyOrBlank_IsRefusedWithTheLine(string answer)
    {
        string row =
            $$"""{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"},{"role":"user","content":"R"},{"role":"assistant","content":"{{answer}}"}]}""";
        foreach (Trainer trainer in Trainers)
        {
            Assert.Contains(
                "line 2: expected an answer in messages[3], found an empty one",
                Refuse(trainer, Plain, row),
                StringComparison.Ordinal
            );
        }
    }

    /// <summary>Half of a character in an escape is JSON, but no text: no table holds it, wherever it stands.</summary>
    [Theory]
    [InlineData("""{"text":"x","id":"\ud800"}""")]
    [InlineData("""{"text":"x","meta":{"\udc00":1}}""")]
    [InlineData("""{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"tools":"\ud800"}""")]
    [InlineData(
        """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":null,"tool_calls":[{"id":"\ud800","type":"function","function":{"name":"f","arguments":"{}"}}]},{"role":"assistant","content":"A"}]}"""
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"tools":"[{\"a\":\"\\ud800\"}]"}"""
    )]
    public void HalfCharacters_AreRefusedWithTheLine(string row)
    {
        string plain = row.StartsWith("{\"text\"", StringComparison.Ordinal) ? """{"text":"plain"}""" : Plain;
        // To the hub a text with half of a character in it is text.
        bool isNested = row.Contains("\\\\ud800", StringComparison.Ordinal);
        foreach (Trainer trainer in isNested ? Trainers : Enum.GetValues<Trainer>())
        {
            bool readsNoText =
                trainer is Trainer.NeMo or Trainer.OpenAI && row.StartsWith("{\"text\"", StringComparison.Ordinal);
            string message = Refuse(trainer, plain, row);
            Assert.Contains(
                readsNoText ? "found text rows"
                    : isNested ? "line 2: expected tools to be a list"
                    : "line 2: expected whole characters",
                message,
                StringComparison.Ordinal
            );
        }
    }

    /// <summary>Axolotl tests its path for existence, which a pattern fails.</summary>
    [Fact]
    public void Axolotl_SeveralParquetFiles_AreGivenByTheirFolder()
    {
        Export(
            Trainer.Axolotl,
            [.. Enumerable.Repeat(Plain, 40)],
            options => options with { Format = ExportFormat.Parquet, MaxShardBytes = 1_000 }
        );
        string yaml = File.ReadAllText(Path.Combine(Out, "axolotl.yaml"));
        Assert.Contains($"path: \"{Out}/selected\"", yaml, StringComparison.Ordinal);
        Assert.Contains($"data_files: \"{Out}/selected/train-*.parquet\"", yaml, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(Out, "selected")));
    }

    private static (string Role, string Text, bool IsTrained) Said(JudgedTurn turn) =>
        (turn.Role, turn.Text, turn.IsTrained);

    private IEnumerable<string> Words(Trainer trainer) =>
        TrainerJudge.Judge(trainer, Out)[0].Turns.Select(turn => turn.Text);

    /// <summary>Exports a row ten times, the fewest that every trainer takes.</summary>
    private void ExportMany(Trainer trainer, string row) => Export(trainer, [.. Enumerable.Repeat(row, 10)]);

    private void Export(Trainer trainer, params string[] rows) => Export(trainer, rows, options => options);

    private void Export(Trainer trainer, string[] rows, Func<ExportJobOptions, ExportJobOptions> change)
    {
        if (Directory.Exists(Out))
        {
            Directory.Delete(Out, recursive: true);
        }

        string selection = Path.Combine(_folder, "out");
        Directory.CreateDirectory(selection);
        File.WriteAllLines(Path.Combine(selection, "selected.jsonl"), rows);
        ExportJobOptions options = new()
        {
            Selection = selection,
            Trainer = trainer,
            Output = Out,
            OnBadRow = BadRowPolicy.Fail,
        };
        ExportJob.Run(change(options), TestContext.Current.CancellationToken);
    }

    private string Refuse(Trainer trainer, params string[] rows)
    {
        string message = Assert.Throws<InvalidDataException>(() => Export(trainer, rows)).Message;
        Assert.False(Directory.Exists(Out));
        return message;
    }
}
