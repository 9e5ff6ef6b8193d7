namespace Tsds.Data.Rows;

/// <summary>The kind of content that a turn holds beside text.</summary>
internal enum MediaKind
{
    /// <summary>A picture.</summary>
    Image,

    /// <summary>A film.</summary>
    Video,

    /// <summary>A recording.</summary>
    Audio,

    /// <summary>A part of a type that no format we know has.</summary>
    Other,
}
