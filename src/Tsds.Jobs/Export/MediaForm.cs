namespace Tsds.Jobs.Export;

/// <summary>How a trainer takes pictures, films and recordings.</summary>
internal enum MediaForm
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As columns of paths, with a placeholder in the text for each.</summary>
    Columns,

    /// <summary>Pictures, as parts of a user's turn.</summary>
    ImageParts,
}
