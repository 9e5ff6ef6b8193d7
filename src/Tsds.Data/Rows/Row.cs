using Tsds.Data.Tokens;

namespace Tsds.Data.Rows;

/// <summary>One row of the input: a line of a file that holds a JSON object with some text.</summary>
internal readonly record struct Row
{
    /// <summary>Gets the line byte for byte, without its line ending and without the file's byte order mark.</summary>
    /// <remarks>The bytes are the reader's: they are valid only until the next row is asked for.</remarks>
    public required ReadOnlyMemory<byte> Utf8 { get; init; }

    /// <summary>Gets the text that is embedded; empty unless <see cref="RowFields.Text"/> was asked for.</summary>
    public required string Text { get; init; }

    /// <summary>Gets the field <c>id</c>, a string or a number as written; null if there is none, or unless
    /// <see cref="RowFields.Identity"/> was asked for.</summary>
    public required string? Id { get; init; }

    /// <summary>
    /// Gets the source of the row: the string field <c>source</c>, else <c>dataset</c>, else the file's name without
    /// its extensions; empty unless <see cref="RowFields.Identity"/> was requested.
    /// </summary>
    public required string Source { get; init; }

    /// <summary>Gets the position of the row's file in the list of files, from 0.</summary>
    public required int FileIndex { get; init; }

    /// <summary>Gets the line's number in its decompressed file, from 1; blank lines and bad rows count.</summary>
    public required long Line { get; init; }

    /// <summary>
    /// Gets the row's position among the rows of all files, from 0; blank lines and skipped rows do not count.
    /// </summary>
    public required long Index { get; init; }

    /// <summary>
    /// Gets the tokens of the whole row, whatever the template takes of it: the length of <c>input_ids</c>, else
    /// counted in or estimated from the texts of all turns; 0 unless <see cref="RowFields.Tokens"/> was asked for.
    /// </summary>
    public long Tokens { get; init; }

    /// <summary>
    /// Gets the tokens that are trained on: labels other than −100, else those of the assistant's turns, of completions
    /// and of plain texts; 0 unless <see cref="RowFields.Tokens"/> was asked for.
    /// </summary>
    public long SupervisedTokens { get; init; }

    /// <summary>Gets a value indicating whether the tokens are counted and not estimated.</summary>
    public bool HasExactTokens { get; init; }

    internal long TokensOf(TokenCount count) => count == TokenCount.All ? Tokens : SupervisedTokens;
}
