namespace Tsds.Jobs.Export;

/// <summary>The form in which a trainer reads pictures, films and recordings.</summary>
internal enum MediaForm
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As columns of paths, with a placeholder in the text for each.</summary>
    Columns,

    /// <summary>Pictures, as parts of a user's turn.</summary>
    ImageParts,
}
