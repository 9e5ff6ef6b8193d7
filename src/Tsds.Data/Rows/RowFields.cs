namespace Tsds.Data.Rows;

/// <summary>
/// The fields that a pass over the rows has to produce, in addition to bytes, line and number of each row.
/// </summary>
[Flags]
internal enum RowFields
{
    /// <summary>Only bytes, file, line and number; the fastest pass, for copying rows unchanged.</summary>
    None = 0,

    /// <summary>The text that is embedded: <see cref="Row.Text"/>.</summary>
    Text = 1,

    /// <summary>The identifier and the source: <see cref="Row.Id"/> and <see cref="Row.Source"/>.</summary>
    Identity = 2,

    /// <summary>The number of tokens: <see cref="Row.Tokens"/> and those beside it.</summary>
    Tokens = 4,

    /// <summary>Text and identity.</summary>
    All = Text | Identity,
}
