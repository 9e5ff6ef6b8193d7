using System.Text.Json;

namespace Tsds.Data.Rows;

/// <summary>The columns of a row that list media beside its turns.</summary>
internal static class ListedMedia
{
    private static readonly (string Name, MediaKind Kind)[] Known =
    [
        ("images", MediaKind.Image),
        ("image", MediaKind.Image),
        ("videos", MediaKind.Video),
        ("video", MediaKind.Video),
        ("audios", MediaKind.Audio),
        ("audio", MediaKind.Audio),
    ];

    /// <summary>Returns the names of the columns of a row that list media.</summary>
    /// <param name="row">The row.</param>
    /// <returns>Of images, image, videos, video, audios and audio those that hold anything.</returns>
    public static IEnumerable<string> NamesOf(JsonElement row) =>
        Known.Where(column => RowJson.HasContent(row, column.Name, out _)).Select(column => column.Name);

    /// <summary>Reads the media that the columns of a row list.</summary>
    /// <param name="row">The row.</param>
    /// <returns>In the order of the columns.</returns>
    public static List<MediaPart> Read(JsonElement row)
    {
        List<MediaPart> media = [];
        foreach ((string name, MediaKind kind) in Known)
        {
            if (!RowJson.HasContent(row, name, out JsonElement value))
            {
                continue;
            }

            IEnumerable<JsonElement> items = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : [value];
            media.AddRange(
                items.Select(item => new MediaPart(
                    kind,
                    item.ValueKind switch
                    {
                        JsonValueKind.String => item.GetString(),
                        JsonValueKind.Object => RowJson.Text(item, "path") ?? RowJson.Text(item, "url"),
                        _ => null,
                    }
                ))
            );
        }

        return media;
    }
}
