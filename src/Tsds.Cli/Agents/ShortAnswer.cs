using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tsds.Cli.Agents;

/// <summary>Cuts the events of a command to an answer that an agent's context has room for.</summary>
internal static class ShortAnswer
{
    private const int MostItems = 6;
    private const int MostFields = 24;
    private const int MostCharacters = 240;
    private const int MostSnippet = 2_000;
    private const int MostFiles = 12;

    private static readonly JsonSerializerOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Returns the last result or plan, with the files before it; long lists and texts are cut.</summary>
    /// <param name="lines">The events, one JSON object a line.</param>
    public static string Of(IEnumerable<string> lines)
    {
        JsonObject answer = [];
        JsonArray files = [];
        int more = 0;
        foreach (JsonObject line in lines.Select(line => JsonNode.Parse(line)!.AsObject()))
        {
            string name = line["event"]!.GetValue<string>();
            line.Remove("event");
            if (name == "file" && files.Count < MostFiles)
            {
                files.Add(Cut(line));
            }
            else if (name == "file")
            {
                more++;
            }
            else if (name is "plan" or "result")
            {
                answer = (JsonObject)Cut(line)!;
            }
        }

        if (files.Count > 0)
        {
            answer.Insert(0, "fileList", files);
        }

        if (more > 0)
        {
            answer["filesNotShown"] = more;
        }

        return answer.ToJsonString(Readable);
    }

    private static JsonNode? Cut(JsonNode? node, int most = MostCharacters) =>
        node switch
        {
            JsonObject map => Map(map),
            JsonArray list => List(list),
            JsonValue value when value.TryGetValue(out string? text) && text.Length > most => text[..most] + "...",
            // Sixteen digits of a distance tell an agent nothing.
            JsonValue value when value.TryGetValue(out double number) && number != Math.Truncate(number) => Math.Round(
                number,
                6
            )
                is var rounded
            && rounded != 0
                ? rounded
                : number,
            _ => node?.DeepClone(),
        };

    private static JsonObject Map(JsonObject map)
    {
        JsonObject cut = [];
        foreach ((string name, JsonNode? value) in map)
        {
            // What is absent is not worth a line.
            if (value is null or JsonArray { Count: 0 } or JsonObject { Count: 0 } || cut.Count == MostFields)
            {
                continue;
            }

            cut[name] = Cut(value, name == "snippet" ? MostSnippet : MostCharacters);
        }

        return cut;
    }

    private static JsonArray List(JsonArray list)
    {
        JsonArray cut = [.. list.Take(MostItems).Select(item => Cut(item))];
        if (list.Count > MostItems)
        {
            cut.Add($"... {list.Count - MostItems} more");
        }

        return cut;
    }
}
