namespace Tsds.Data.Rows;

/// <summary>The handling of rows that cannot be used: broken JSON, invalid UTF-8, a missing field, no text.</summary>
public enum BadRowPolicy
{
    /// <summary>Throw an exception that names file and line. The default.</summary>
    Fail,

    /// <summary>Leave the row out, count it, and list it in the manifest.</summary>
    Skip,
}
