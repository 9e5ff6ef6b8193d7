using Tsds.Data.Files;

namespace Tsds.Data.Rows;

/// <summary>The settings with which rows are converted to text, and the handling of rows that cannot be.</summary>
internal sealed record RowReaderOptions
{
    /// <summary>
    /// Gets the template of the text that is embedded, such as <c>{system}\n{user}</c>; or null for the whole row's
    /// text, in the order of its turns.
    /// </summary>
    /// <value>A text with at least one placeholder. The default is null.</value>
    /// <remarks>
    /// Placeholders: <c>{system}</c>, <c>{user}</c>, <c>{assistant}</c>, <c>{tool}</c> and <c>{text}</c> stand for all
    /// turns of that role, joined by line breaks; <c>{first_user}</c> and <c>{last_user}</c> for one turn; any other
    /// name for the top-level string or number field of that name; what a row does not have is empty. <c>{{</c> and
    /// <c>}}</c> are braces, and a backslash followed by n or t, as a shell passes it on, is a line break or a tab.
    /// </remarks>
    /// <exception cref="ArgumentException">The template has no placeholder, or its braces do not match.</exception>
    public string? Template
    {
        get;
        init
        {
            if (value is not null)
            {
                RowTemplate.Parse(value);
            }

            field = value;
        }
    }

    /// <summary>Gets the name of the string field that holds the text, or null to recognize the schema.</summary>
    /// <value>A field name, or a dotted path such as <c>meta.text</c>. The default is null.</value>
    /// <remarks>
    /// It wins in every file that has the field among its first 100 rows; the other files are recognized as usual.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty, or a part of the path is.</exception>
    public string? TextField
    {
        get;
        init
        {
            if (value is not null && value.Split('.').Any(string.IsNullOrWhiteSpace))
            {
                throw new ArgumentException(
                    $"Expected a field name or a dotted path, found '{value}'.",
                    nameof(TextField)
                );
            }

            field = value;
        }
    }

    /// <summary>Gets the handling of rows that cannot be used.</summary>
    /// <value>The default is <see cref="BadRowPolicy.Fail"/>.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a policy.</exception>
    public BadRowPolicy OnBadRow
    {
        get;
        init
        {
            if (!Enum.IsDefined(value))
            {
                throw new ArgumentOutOfRangeException(nameof(OnBadRow), value, "Expected Fail or Skip.");
            }

            field = value;
        }
    }

    /// <summary>Gets the meaning of a quotation mark in files of cells, .csv and .tsv.</summary>
    /// <value>The default is <see cref="CellQuotes.Doubled"/>.</value>
    public CellQuotes CellQuotes { get; init; }

    /// <summary>Gets the name of the schema that every row has, or null to recognize it.</summary>
    /// <value>One of the names that <see cref="InputFile.Schema"/> lists, except text-field, which is requested by
    /// <see cref="TextField"/>. The default is null.</value>
    /// <exception cref="ArgumentException">The name is not that of a schema.</exception>
    public string? Schema
    {
        get;
        init
        {
            if (value is not null && RowSchemas.Parse(value) is null)
            {
                throw new ArgumentException(
                    $"Expected a schema ({RowSchemas.Names}), found '{value}'.",
                    nameof(Schema)
                );
            }

            field = value;
        }
    }

    /// <summary>Gets a value indicating whether every row has to have a text.</summary>
    /// <value>
    /// Where embeddings are ready made, rows that hold only token ids will do: their text is empty. The default is
    /// true.
    /// </value>
    public bool NeedsText { get; init; } = true;

    /// <summary>
    /// Gets the file that stands in for the path <c>-</c>, standard input; or null if that path means nothing.
    /// </summary>
    /// <value>
    /// Passes go over the rows more than once, so that standard input is written to a file first. The default is null.
    /// </value>
    public string? StandardInput { get; init; }

    /// <summary>Gets the longest line that is a row, in bytes.</summary>
    internal int MaxLineBytes { get; init; } = RowReader.LongestRow;

    /// <summary>Gets the folder from which relative paths start, or null for the current one.</summary>
    internal string? Root { get; init; }

    /// <summary>Gets a value indicating whether rows of token ids count where every row has to have a text.</summary>
    internal bool TakesTokenIds { get; init; }

    /// <summary>
    /// Gets rows that are bad for a reason outside of them, by their position from 0 over all files, or null.
    /// </summary>
    internal IReadOnlyDictionary<long, string>? LeftOut { get; init; }

    /// <summary>Gets a value indicating whether files may have no rows at all.</summary>
    internal bool MayBeEmpty { get; init; }

    /// <summary>Gets the tokenizer that counts the tokens of a text, or null to estimate them.</summary>
    internal Func<string, long>? CountTokens { get; init; }

    /// <summary>Returns the path of the file that a name refers to.</summary>
    /// <param name="path">The path, or <c>-</c>.</param>
    /// <returns>The file to open.</returns>
    internal string Locate(string path) =>
        path == RowFiles.StandardInput && StandardInput is not null ? StandardInput : FileSources.Locate(Root, path);
}
