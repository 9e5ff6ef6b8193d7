using System.Text.Json.Nodes;
using CsCheck;

namespace Tsds.Tests.Jobs.Export;

/// <summary>
/// Files of rows in every shape that data sets have: the rows of a file share most of their shape, as they do in real
/// ones, and some differ.
/// </summary>
internal sealed class GeneratedFile
{
    private static readonly string[] Lists = ["messages", "conversations", "dialog"];
    private static readonly string[] Users = ["user", "human", "Human", "User", "prompter"];
    private static readonly string[] Assistants = ["assistant", "gpt", "GPT", "model", "bot", "chatgpt", "Assistant "];
    private static readonly string[] Systems = ["system", "developer", "System"];
    private static readonly string[] Tools = ["tool", "observation", "ipython", "function", "tool response"];

    private readonly Random _random;
    private readonly string _kind;
    private readonly string _list;
    private readonly bool _hasFromKeys;
    private readonly int _vocabulary;
    private readonly bool _hasCalls;
    private readonly bool _callsAreTurns;
    private readonly bool _argumentsAreText;
    private readonly bool _hasTools;
    private readonly bool _toolsAreText;
    private readonly bool _hasMasks;
    private readonly string _maskKey;
    private readonly bool _hasParts;
    private readonly bool _hasImages;
    private readonly bool _hasSystemColumn;
    private readonly bool _hasReasoning;
    private readonly bool _hasExtras;
    private readonly bool _isWild;

    private GeneratedFile(int seed)
    {
        _random = new Random(seed);
        _kind = Pick("chat", "chat", "chat", "chat", "alpaca", "pair", "pairs", "query", "preference", "preferences");
        _list = Pick(Lists);
        _hasFromKeys = Chance(40);
        _vocabulary = _random.Next(Assistants.Length);
        _hasCalls = Chance(25);
        _callsAreTurns = Chance(40);
        _argumentsAreText = Chance(50);
        _hasTools = Chance(_hasCalls ? 70 : 10);
        _toolsAreText = Chance(50);
        _hasMasks = _kind is "chat" or "pairs" && Chance(15);
        _maskKey = Pick("weight", "train", "loss");
        _hasParts = Chance(15);
        _hasImages = Chance(8);
        _hasSystemColumn = Chance(20);
        _hasReasoning = Chance(10);
        _hasExtras = Chance(30);
        _isWild = Chance(25);
    }

    /// <summary>Gets the generator of files of a number of rows.</summary>
    public static Gen<IReadOnlyList<GeneratedRow>> Of(int rows) =>
        Gen.Int.Select(seed => (IReadOnlyList<GeneratedRow>)new GeneratedFile(seed).Rows(rows));

    private GeneratedRow[] Rows(int count) => [.. Enumerable.Range(0, count).Select(Row)];

    private GeneratedRow Row(int index)
    {
        List<GeneratedTurn> turns = _kind is "chat" or "pairs" or "preferences" ? Talk(index) : Simple(index);
        JsonObject row = [];
        List<string> tools = [];
        List<string> media = [];
        if (_hasExtras)
        {
            row["id"] = Chance(_isWild ? 80 : 100) ? $"row {index}" : index;
            if (_isWild && Chance(50))
            {
                row[Pick("prompt_id", "label", "text", "meta", "source")] = "beside";
            }
        }

        switch (_kind)
        {
            case "chat":
                WriteChat(row, turns, media);
                break;
            case "alpaca":
                row["instruction"] = turns[0].Text;
                if (Chance(50))
                {
                    row["input"] = "input " + Words();
                    turns[0] = turns[0] with { Text = $"{turns[0].Text}\n{row["input"]}" };
                }

                row["output"] = turns[1].Text;
                break;
            case "query":
                row["query"] = turns[0].Text;
                row["response"] = turns[1].Text;
                if (Chance(30))
                {
                    string[] earlier = [Words(), Words()];
                    row["history"] = new JsonArray(new JsonArray(earlier[0], earlier[1]));
                    turns.InsertRange(0, [new("user", earlier[0]), new("assistant", earlier[1])]);
                }

                break;
            case "pair":
                row["prompt"] = turns[0].Text;
                row["completion"] = turns[1].Text;
                break;
            case "pairs":
                row["prompt"] = List(turns.SkipLast(1), media);
                row["completion"] = List(turns.TakeLast(1), media);
                break;
            case "preference":
                row["prompt"] = turns[0].Text;
                row["chosen"] = turns[1].Text;
                row["rejected"] = "worse " + Words();
                turns.Add(new("assistant", (string)row["rejected"]!));
                break;
            default:
                GeneratedTurn worse = new("assistant", "worse " + Words());
                bool isApart = Chance(60);
                IEnumerable<GeneratedTurn> question = turns.SkipLast(1);
                if (isApart)
                {
                    row["prompt"] = List(question, media);
                }

                row["chosen"] = List(isApart ? turns.TakeLast(1) : turns, media);
                row["rejected"] = List(isApart ? [worse] : question.Append(worse), media);
                turns.Add(worse);
                break;
        }

        if (_hasSystemColumn && Chance(80))
        {
            string system = "rules " + Words();
            row["system"] = system;
            turns.Insert(0, new("system", system));
        }

        if (_hasTools && Chance(80))
        {
            AddTools(row, tools);
        }

        return new GeneratedRow(row.ToJsonString(), turns, tools, media);
    }

    private void WriteChat(JsonObject row, List<GeneratedTurn> turns, List<string> media)
    {
        JsonArray list = List(turns, media);
        row[_list] = list;
        if (_hasImages && Chance(80) && !_hasParts)
        {
            string key = _hasFromKeys ? "value" : "content";
            int at = turns.FindIndex(turn => turn.Role == "user");
            string image = $"img/{_random.Next(1000)}.png";
            string text = (Chance(90) ? "<image>" : "") + turns[at].Text;
            turns[at] = turns[at] with { Text = text };
            list[at]![key] = text;
            row["images"] = new JsonArray(image);
            media.Add(image);
        }
    }

    private void AddTools(JsonObject row, List<string> tools)
    {
        string name = Pick("find", "add", "now");
        tools.Add(name);
        JsonObject properties = name switch
        {
            "find" => new JsonObject { ["city"] = new JsonObject { ["type"] = "string" } },
            "add" => new JsonObject
            {
                ["amount"] = new JsonObject { ["type"] = "number", ["minimum"] = 0 },
            },
            _ => [],
        };
        JsonArray list =
        [
            new JsonObject
            {
                ["type"] = "function",
                ["function"] = new JsonObject
                {
                    ["name"] = name,
                    ["parameters"] = new JsonObject { ["type"] = "object", ["properties"] = properties },
                },
            },
        ];
        row["tools"] = _toolsAreText ? list.ToJsonString() : list;
    }

    private List<GeneratedTurn> Simple(int index) =>
        [new("user", $"question {index} {Words()}"), new("assistant", Chance(95) ? $"answer {index} {Words()}" : " ")];

    private List<GeneratedTurn> Talk(int index)
    {
        List<GeneratedTurn> turns = [];
        if (Chance(30))
        {
            turns.Add(new("system", "be " + Words()));
        }

        int rounds = _random.Next(1, 4);
        for (int i = 0; i < rounds; i++)
        {
            turns.Add(new("user", $"question {index}.{i} {Words()}"));
            if (_hasCalls && Chance(60))
            {
                AddCall(turns);
            }

            bool isMasked = _hasMasks && Chance(40);
            turns.Add(new("assistant", $"answer {index}.{i} {Words()}", IsMasked: isMasked));
        }

        if (_isWild && Chance(40))
        {
            Disturb(turns);
        }

        return turns;
    }

    private void AddCall(List<GeneratedTurn> turns)
    {
        (string, string)[] calls =
        [
            ("find", """{"city":"Oslo"}"""),
            ("add", """{"amount":3}"""),
            ("add", """{"amount":"three"}"""),
            ("now", "{}"),
        ];
        bool hasText = !_callsAreTurns && Chance(20);
        turns.Add(new("assistant", hasText ? "I call " + Words() : null, Pick(calls)));
        turns.Add(new("tool", "result " + Words()));
        if (_isWild && Chance(30))
        {
            turns.Add(new("tool", "more " + Words()));
        }
    }

    private void Disturb(List<GeneratedTurn> turns)
    {
        int at = _random.Next(turns.Count);
        switch (_random.Next(6))
        {
            case 0:
                turns.Insert(at, new("user", "again " + Words()));
                break;
            case 1:
                turns.Insert(at, new("assistant", "before " + Words()));
                break;
            case 2:
                turns.Insert(at, new("system", "now " + Words()));
                break;
            case 3:
                turns.Add(new("user", "and then " + Words()));
                break;
            case 4:
                turns.Add(new("assistant", Pick("", " \n ")));
                break;
            default:
                turns.Insert(at, new("narrator", "aside " + Words()));
                break;
        }
    }

    private JsonArray List(IEnumerable<GeneratedTurn> turns, List<string> media) =>
        [.. turns.Select(turn => Turn(turn, media))];

    private JsonObject Turn(GeneratedTurn turn, List<string> media)
    {
        JsonObject json = [];
        string roleKey = _hasFromKeys ? "from" : "role";
        string contentKey = _hasFromKeys ? "value" : "content";
        json[roleKey] = NameOf(turn);
        if (turn.Call is { } call && _callsAreTurns)
        {
            json[contentKey] = $$"""{"name":"{{call.Name}}","arguments":{{call.Arguments}}}""";
            return json;
        }

        json[contentKey] = turn.Text is not null && _hasParts && Chance(50) ? Parts(turn, media) : turn.Text;
        if (turn.Call is { } field)
        {
            JsonObject function = new()
            {
                ["name"] = field.Name,
                ["arguments"] = _argumentsAreText ? field.Arguments : JsonNode.Parse(field.Arguments),
            };
            json["tool_calls"] = new JsonArray(
                Chance(90) ? new JsonObject { ["type"] = "function", ["function"] = function } : function
            );
        }

        if (_hasMasks && turn.Role == "assistant")
        {
            json[_maskKey] = _maskKey == "weight" ? (turn.IsMasked ? 0 : 1) : !turn.IsMasked;
        }

        if (_hasReasoning && turn is { Role: "assistant", Call: null } && Chance(70))
        {
            json["reasoning_content"] = "thought";
        }

        return json;
    }

    private JsonArray Parts(GeneratedTurn turn, List<string> media)
    {
        int half = Math.Max(0, turn.Text!.IndexOf(' ', StringComparison.Ordinal));
        JsonArray parts =
        [
            new JsonObject { ["type"] = "text", ["text"] = turn.Text[..half] },
            new JsonObject { ["type"] = "text", ["text"] = turn.Text[half..] },
        ];
        if (_hasImages && turn.Role == "user" && Chance(60))
        {
            string image = $"http://x/{_random.Next(1000)}.png";
            media.Add(image);
            parts.Insert(
                1,
                new JsonObject
                {
                    ["type"] = "image_url",
                    ["image_url"] = new JsonObject { ["url"] = image },
                }
            );
        }

        return parts;
    }

    private string NameOf(GeneratedTurn turn)
    {
        int wild = _isWild && Chance(20) ? _random.Next(Assistants.Length) : _vocabulary;
        return turn.Role switch
        {
            "user" => Users[wild % Users.Length],
            "assistant" when turn.Call is not null && _callsAreTurns => wild % 2 == 0 ? "function_call" : "tool_call",
            "assistant" => Assistants[wild],
            "system" => Systems[wild % Systems.Length],
            "tool" => Tools[wild % Tools.Length],
            _ => turn.Role,
        };
    }

    private string Words() => $"{Pick("ünïcode", "plain", "\"quoted\"", "two\nlines", "🎉")} {_random.Next(10_000)}";

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T Pick<T>(params T[] from) => from[_random.Next(from.Length)];
}
