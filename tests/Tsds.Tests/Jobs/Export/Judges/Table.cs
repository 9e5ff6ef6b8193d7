using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>
/// Reads rows as the library datasets does: all rows get all columns, of one type each; objects get the fields of all
/// objects at their place, null where they have none.
/// </summary>
internal static class Table
{
    public static IReadOnlyList<JsonObject> Load(string path)
    {
        JsonObject[] rows = [.. ReadLines(path)];
        return [.. Unify(rows, "row").Select(row => row!.AsObject())];
    }

    public static IEnumerable<JsonObject> ReadLines(string path)
    {
        if (!File.Exists(path))
        {
            throw new JudgeException($"FileNotFoundError: {path}");
        }

        foreach (string line in File.ReadLines(path))
        {
            yield return JsonNode.Parse(line) as JsonObject ?? throw new JudgeException("not an object");
        }
    }

    private static JsonNode?[] Unify(IReadOnlyList<JsonNode?> values, string place)
    {
        JsonValueKind[] kinds =
        [
            .. values
                .Where(value => value is not null)
                .Select(value => value!.GetValueKind())
                .Select(kind => kind == JsonValueKind.False ? JsonValueKind.True : kind)
                .Distinct(),
        ];
        if (kinds.Length > 1)
        {
            throw new JudgeException($"ArrowInvalid: column {place} changed from {kinds[0]} to {kinds[1]}");
        }

        return kinds switch
        {
            [JsonValueKind.Object] => UnifyObjects(values, place),
            [JsonValueKind.Array] => UnifyArrays(values, place),
            _ => [.. values.Select(value => value?.DeepClone())],
        };
    }

    private static JsonNode?[] UnifyObjects(IReadOnlyList<JsonNode?> values, string place)
    {
        JsonObject?[] unified = [.. values.Select(value => value is null ? null : new JsonObject())];
        foreach (
            string name in values
                .Where(value => value is not null)
                .SelectMany(value => value!.AsObject().Select(field => field.Key))
                .Distinct()
        )
        {
            JsonNode?[] column = Unify([.. values.Select(value => value?[name])], $"{place}.{name}");
            for (int i = 0; i < column.Length; i++)
            {
                if (unified[i] is { } row)
                {
                    row[name] = column[i];
                }
            }
        }

        return unified;
    }

    private static JsonNode?[] UnifyArrays(IReadOnlyList<JsonNode?> values, string place)
    {
        JsonNode?[] items = Unify([.. values.Where(v => v is not null).SelectMany(v => v!.AsArray())], place + "[]");
        int next = 0;
        return
        [
            .. values.Select(value =>
                value is null
                    ? null
                    : (JsonNode)
                        new JsonArray([
                            .. Enumerable.Range(0, value.AsArray().Count).Select(_ => items[next++]?.DeepClone()),
                        ])
            ),
        ];
    }
}
