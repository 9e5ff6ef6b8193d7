namespace Tsds.Data.Rows;

/// <summary>A part of a turn that is not text.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Address">Its path or address; null where the part holds none as a string.</param>
internal readonly record struct MediaPart(MediaKind Kind, string? Address)
{
    /// <summary>Gets the name of the column that lists such parts of a whole row.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>Such as <c>images</c>.</returns>
    public static string ColumnOf(MediaKind kind) =>
        kind switch
        {
            MediaKind.Image => "images",
            MediaKind.Video => "videos",
            _ => "audios",
        };

    /// <summary>Gets the text that stands for such a part in trainers that take parts from a column.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>Such as <c>&lt;image&gt;</c>.</returns>
    public static string PlaceholderOf(MediaKind kind) =>
        kind switch
        {
            MediaKind.Image => "<image>",
            MediaKind.Video => "<video>",
            _ => "<audio>",
        };
}
