namespace Tsds.Data.Containers;

/// <summary>How a file of rows is compressed as a whole.</summary>
internal enum RowPacking
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As gzip, one member or several.</summary>
    Gzip,

    /// <summary>As Zstandard, one frame or several.</summary>
    Zstandard,
}
