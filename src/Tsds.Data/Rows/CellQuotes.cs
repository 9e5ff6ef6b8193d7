namespace Tsds.Data.Rows;

/// <summary>The meaning of a quotation mark in a file of cells.</summary>
public enum CellQuotes
{
    /// <summary>
    /// As in RFC 4180: a cell may stand in quotation marks, which are doubled within it, and then hold separators and
    /// line breaks. The default.
    /// </summary>
    Doubled,

    /// <summary>
    /// None: a quotation mark is text, a cell ends at the next separator, and a row at the end of its line.
    /// </summary>
    None,
}
