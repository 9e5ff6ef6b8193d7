using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Tsds.Data.Rows;

/// <summary>Reads turns by their keys and roles, whatever the list that they stand in is called.</summary>
internal static class MessageReader
{
    /// <summary>The keys of a turn that say whether it is trained on.</summary>
    public static readonly IReadOnlyList<string> MaskKeys = ["weight", "train", "training", "loss"];

    private static readonly string[] ReasoningKeys = ["reasoning_content", "reasoning", "thinking"];

    /// <summary>Reads a list of turns.</summary>
    /// <param name="list">The list.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="UnreadableTurnException">One of them cannot be understood.</exception>
    public static List<ConversationTurn> ReadList(JsonElement list, string name)
    {
        List<ConversationTurn> turns = [];
        foreach (JsonElement turn in list.EnumerateArray())
        {
            turns.Add(Read(turn, string.Create(CultureInfo.InvariantCulture, $"{name}[{turns.Count}]")));
        }

        return turns;
    }

    /// <summary>Reads a turn.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="place">Where it stands, for messages.</param>
    /// <exception cref="UnreadableTurnException">It cannot be understood.</exception>
    public static ConversationTurn Read(JsonElement turn, string place)
    {
        if (turn.ValueKind != JsonValueKind.Object)
        {
            throw new UnreadableTurnException($"expected {place} to be an object, found {RowJson.NameOf(turn)}");
        }

        string roleName =
            RowJson.Text(turn, "role")
            ?? RowJson.Text(turn, "from")
            ?? throw new UnreadableTurnException($"expected {place} to have a role (or from), found none");
        TurnRole role = TurnRoles.Parse(roleName);
        JsonElement content =
            RowJson.HasContent(turn, "content", out JsonElement value) || RowJson.HasContent(turn, "value", out value)
                ? value
                : default;
        string? text = ReadContent(content, place, out List<(int, MediaPart)> media);
        IReadOnlyList<ToolCall> calls = ToolReader.ReadCalls(turn, place);
        if (TurnRoles.IsCall(roleName))
        {
            calls = [.. calls, .. ToolReader.ReadCallText(text, place)];
            text = null;
        }

        return new ConversationTurn
        {
            Role = role,
            RoleName = roleName,
            Place = place,
            Text = text,
            HasParts = content.ValueKind == JsonValueKind.Array,
            Media = media,
            Calls = calls,
            CallId = RowJson.Text(turn, "tool_call_id"),
            Name = RowJson.Text(turn, "name"),
            Reasoning = ReasoningKeys
                .Select(key => RowJson.Text(turn, key))
                .FirstOrDefault(found => !string.IsNullOrEmpty(found)),
            IsTrained = ReadMask(turn),
        };
    }

    private static string? ReadContent(JsonElement content, string place, out List<(int, MediaPart)> media)
    {
        media = [];
        switch (content.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                return content.GetString();
            case JsonValueKind.Array:
                break;
            default:
                throw new UnreadableTurnException(
                    $"expected the content of {place} to be a string, null or a list of parts, found "
                        + RowJson.NameOf(content)
                );
        }

        StringBuilder text = new();
        foreach (JsonElement part in content.EnumerateArray())
        {
            if (part.ValueKind == JsonValueKind.String)
            {
                text.Append(part.GetString());
            }
            else if (part.ValueKind != JsonValueKind.Object)
            {
                throw new UnreadableTurnException(
                    $"expected the content of {place} to be a list of parts, found {RowJson.NameOf(part)} in it"
                );
            }
            else if (PartText(part) is { } words)
            {
                text.Append(words);
            }
            else
            {
                media.Add((text.Length, ReadPart(part)));
            }
        }

        return text.ToString();
    }

    private static string? PartText(JsonElement part)
    {
        string? type = RowJson.Text(part, "type");
        return type is null or "text" or "input_text" or "output_text"
            ? RowJson.Text(part, "text") ?? RowJson.Text(part, "content") ?? RowJson.Text(part, "value")
            : null;
    }

    private static MediaPart ReadPart(JsonElement part)
    {
        string type = RowJson.Text(part, "type") ?? "";
        MediaKind kind =
            type.Contains("image", StringComparison.Ordinal) ? MediaKind.Image
            : type.Contains("video", StringComparison.Ordinal) ? MediaKind.Video
            : type.Contains("audio", StringComparison.Ordinal) ? MediaKind.Audio
            : MediaKind.Other;
        foreach (string name in new[] { type, "url", "path", "image", "video", "audio" })
        {
            if (!part.TryGetProperty(name, out JsonElement value))
            {
                continue;
            }

            string? address =
                value.ValueKind == JsonValueKind.String ? value.GetString()
                : value.ValueKind == JsonValueKind.Object ? RowJson.Text(value, "url") ?? RowJson.Text(value, "path")
                : null;
            if (address is { Length: > 0 })
            {
                return new MediaPart(kind, address);
            }
        }

        return new MediaPart(kind, null);
    }

    private static bool? ReadMask(JsonElement turn)
    {
        foreach (string key in MaskKeys)
        {
            if (!turn.TryGetProperty(key, out JsonElement value))
            {
                continue;
            }

            switch (value.ValueKind)
            {
                case JsonValueKind.True:
                    return true;
                case JsonValueKind.False:
                    return false;
                case JsonValueKind.Number:
                    return value.GetDouble() != 0;
            }
        }

        return null;
    }
}
