namespace Tsds.Data.Rows;

/// <summary>What happens on a row that cannot be used: broken JSON, invalid UTF-8, a missing field, no text.</summary>
public enum BadRowPolicy
{
    /// <summary>Stop with an error that names file and line. The default.</summary>
    Fail,

    /// <summary>Leave the row out, count it, and list it in the manifest.</summary>
    Skip,
}
