using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>Reads values as Python takes them, and configurations, for all judges.</summary>
internal static partial class Read
{
    public static JsonNode Item(JsonNode? json, string key) =>
        json is JsonObject fields && fields.TryGetPropertyValue(key, out JsonNode? value)
            ? value ?? throw new JudgeException($"TypeError: {key} is None")
            : throw new JudgeException($"KeyError: '{key}'");

    public static string Text(JsonNode? value, string what) =>
        value is JsonValue && value.GetValueKind() == JsonValueKind.String
            ? value.GetValue<string>()
            : throw new JudgeException($"TypeError: {what} is no string: {value?.ToJsonString() ?? "None"}");

    public static bool IsText(JsonNode? value) => value is JsonValue && value.GetValueKind() == JsonValueKind.String;

    public static bool IsTrue(JsonNode? value) =>
        value is not null
        && value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.Number => value.GetValue<double>() != 0,
            JsonValueKind.String => value.GetValue<string>().Length > 0,
            JsonValueKind.Array => value.AsArray().Count > 0,
            JsonValueKind.Object => value.AsObject().Count > 0,
            _ => false,
        };

    public static JsonNode? Json(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw new JudgeException($"JSONDecodeError: {text}");
        }
    }

    /// <summary>Returns a call as "name arguments", whether its arguments are an object or JSON text.</summary>
    public static string Call(JsonNode call)
    {
        JsonNode function = call["function"] ?? call;
        JsonNode? arguments = function["arguments"];
        string text = IsText(arguments)
            ? Json(Text(arguments, "arguments"))!.ToJsonString()
            : arguments?.ToJsonString() ?? "";
        return $"{Text(Item(function, "name"), "name")} {text}";
    }

    public static string Calls(JsonNode? calls) =>
        calls is JsonArray list ? string.Concat(list.Select(call => Call(call!) + "\n")) : "";

    /// <summary>Returns a message that a chat template renders.</summary>
    public static JudgedTurn Templated(JsonNode message, bool isTrained, params string[] roles)
    {
        string role = Text(Item(message, "role"), "role");
        if (!roles.Contains(role))
        {
            throw new JudgeException($"the chat template does not know the role {role}");
        }

        string calls = Calls(message["tool_calls"]);
        JsonNode? content = message["content"];
        if (content is null && calls.Length == 0)
        {
            throw new JudgeException("the chat template cannot render None");
        }

        string reasoning = message["reasoning_content"] is { } thought ? Text(thought, "reasoning_content") + "\n" : "";
        return new JudgedTurn(
            role,
            reasoning + (content is null ? "" : Text(content, "content")) + calls,
            isTrained && role == "assistant"
        );
    }

    public static YamlMappingNode Yaml(string path)
    {
        YamlStream stream = [];
        using StreamReader reader = new(path);
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    public static YamlNode? Find(YamlNode node, string key) =>
        node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? value)
            ? value
            : null;

    public static string? Scalar(YamlNode node, string key) => (Find(node, key) as YamlScalarNode)?.Value;

    /// <summary>Returns the file that a Python snippet loads.</summary>
    public static string DataFiles(string python)
    {
        Match match = DataFilesPattern().Match(python);
        return match.Success ? match.Groups[1].Value : throw new JudgeException("the snippet loads nothing");
    }

    [GeneratedRegex("load_dataset\\(\"json\", data_files=\"([^\"]+)\", split=\"train\"\\)")]
    private static partial Regex DataFilesPattern();
}
