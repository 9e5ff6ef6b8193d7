using System.Text.Json;

namespace Tsds.Data.Rows;

/// <summary>
/// Reads the tools that rows describe and the calls that their turns hold, in all the ways they are written.
/// </summary>
internal static class ToolReader
{
    /// <summary>Reads the calls that stand beside the text of a turn.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="place">Where it stands, for messages.</param>
    /// <exception cref="UnreadableTurnException">A call names no function, or its arguments are not JSON.</exception>
    public static List<ToolCall> ReadCalls(JsonElement turn, string place)
    {
        List<ToolCall> calls = [];
        if (turn.TryGetProperty("tool_calls", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement call in list.EnumerateArray())
            {
                calls.Add(ReadCall(call, $"{place}.tool_calls[{calls.Count}]"));
            }
        }

        if (turn.TryGetProperty("function_call", out JsonElement old) && old.ValueKind == JsonValueKind.Object)
        {
            calls.Add(ReadCall(old, $"{place}.function_call"));
        }

        return calls;
    }

    /// <summary>Reads the calls that are the text of a turn.</summary>
    /// <param name="text">The text.</param>
    /// <param name="place">Where it stands, for messages.</param>
    /// <exception cref="UnreadableTurnException">The text is not a call, or a list of calls, as JSON.</exception>
    public static IEnumerable<ToolCall> ReadCallText(string? text, string place)
    {
        if (!RowJson.TryParse(text ?? "", out JsonElement call))
        {
            throw new UnreadableTurnException(
                $"expected {place} to be a call of a tool as JSON with name and arguments, found other text"
            );
        }

        return call.ValueKind == JsonValueKind.Array
            ? [.. call.EnumerateArray().Select((item, i) => ReadCall(item, $"{place}[{i}]"))]
            : [ReadCall(call, place)];
    }

    private static ToolCall ReadCall(JsonElement call, string place)
    {
        JsonElement function =
            call.ValueKind == JsonValueKind.Object
            && call.TryGetProperty("function", out JsonElement inner)
            && inner.ValueKind == JsonValueKind.Object
                ? inner
                : call;
        if (function.ValueKind != JsonValueKind.Object || RowJson.Text(function, "name") is not { Length: > 0 } name)
        {
            throw new UnreadableTurnException($"expected {place} to name a function, found none");
        }

        string arguments = "{}";
        if (
            RowJson.HasContent(function, "arguments", out JsonElement value)
            || RowJson.HasContent(function, "parameters", out value)
        )
        {
            arguments = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
            if (arguments.AsSpan().IsWhiteSpace())
            {
                arguments = "{}";
            }

            if (!RowJson.TryParse(arguments, out _))
            {
                throw new UnreadableTurnException($"expected the arguments of {place} to be JSON, found other text");
            }
        }

        return new ToolCall(RowJson.Text(call, "id"), name, arguments);
    }

    /// <summary>Reads the tools that a row describes.</summary>
    /// <param name="row">The row, or an object within it.</param>
    /// <returns>A list, or null where there are none.</returns>
    /// <exception cref="UnreadableTurnException">The tools are not a list.</exception>
    public static JsonElement? Read(JsonElement row)
    {
        bool isOld = false;
        if (!RowJson.HasContent(row, "tools", out JsonElement tools))
        {
            isOld = RowJson.HasContent(row, "functions", out tools);
            if (!isOld)
            {
                return null;
            }
        }

        if (tools.ValueKind == JsonValueKind.String && !RowJson.TryParse(tools.GetString()!, out tools))
        {
            throw new UnreadableTurnException("expected tools to be a list or its JSON text, found other text");
        }

        if (tools.ValueKind == JsonValueKind.Object)
        {
            tools = RowJson.Parse($"[{tools.GetRawText()}]");
        }

        if (tools.ValueKind != JsonValueKind.Array)
        {
            throw new UnreadableTurnException($"expected tools to be a list, found {RowJson.NameOf(tools)}");
        }

        if (tools.GetArrayLength() == 0)
        {
            return null;
        }

        return isOld
            ? RowJson.Parse(
                $"[{string.Join(',', tools.EnumerateArray().Select(tool => $$"""{"type":"function","function":{{tool.GetRawText()}}}"""))}]"
            )
            : tools;
    }
}
