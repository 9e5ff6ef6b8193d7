namespace Tsds.Data.Containers;

/// <summary>The compression of a file of rows as a whole.</summary>
internal enum RowPacking
{
    /// <summary>No compression.</summary>
    None,

    /// <summary>Gzip, one member or several.</summary>
    Gzip,

    /// <summary>Zstandard, one frame or several.</summary>
    Zstandard,
}
