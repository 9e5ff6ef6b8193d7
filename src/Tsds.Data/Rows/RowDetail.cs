namespace Tsds.Data.Rows;

/// <summary>The parts of rows that a pass reads, beyond their bytes, lines and numbers.</summary>
/// <param name="Fields">The fields.</param>
/// <param name="Rows">The rows whose text and tokens are read, ascending; null for all.</param>
internal readonly record struct RowDetail(RowFields Fields, ReadOnlyMemory<long>? Rows)
{
    /// <summary>Gets a value indicating whether texts are read.</summary>
    public bool HasText => (Fields & RowFields.Text) != 0;

    /// <summary>Gets a value indicating whether identifiers and sources are read.</summary>
    public bool HasIdentity => (Fields & RowFields.Identity) != 0;

    /// <summary>Gets a value indicating whether tokens are counted.</summary>
    public bool HasTokens => (Fields & RowFields.Tokens) != 0;
}
