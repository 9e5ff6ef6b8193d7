using Tsds.Data.Files;

namespace Tsds.Data.Rows;

/// <summary>Reads the rows of files as one sequence.</summary>
/// <remarks>
/// <para>Files are read in their order and never held in memory: what is held is one line, of at most 64 MiB. A line is
/// a row if it is one JSON object with some text; blank lines are ignored. Any other line is a bad row.</para>
/// <para>The schema of a file is the most frequent one of its first 100 rows, where a row that fits several counts as
/// the first of: the text field asked for, chatml, sharegpt, preference, alpaca, prompt-completion, query-response,
/// text. A row that fits its file's schema is read by it; a row that does not is read by the one other schema that it
/// fits; a row that fits none, or several, is bad. A field that is null counts as absent.</para>
/// <para>The first pass that comes to its end fills the properties and decides which rows are bad. Later passes number
/// the rows alike whatever they are asked for, do not judge them again, and check that the files have not changed; that
/// is certain only at the end of each file. Passes of one reader are run one after the other.</para>
/// </remarks>
internal sealed class RowReader
{
    /// <summary>
    /// The longest row in bytes, far beyond any training example. Reading a row takes a few times as much memory.
    /// </summary>
    internal const int LongestRow = 64 << 20;

    private readonly string[] _paths;
    private readonly RowReaderOptions _options;
    private readonly MarkedRows? _only;
    private RowPassResult? _result;

    /// <summary>Initializes a new instance of the <see cref="RowReader"/> class.</summary>
    /// <param name="paths">The files, in the order of their rows, as
    /// <see cref="RowFiles.Resolve(IReadOnlyList{string})"/> returns them.</param>
    /// <param name="options">How rows are read; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no path, or one is null or empty.</exception>
    public RowReader(IReadOnlyList<string> paths, RowReaderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.Count == 0)
        {
            throw new ArgumentException("Expected at least one file, found none.", nameof(paths));
        }

        foreach (string path in paths)
        {
            ArgumentException.ThrowIfNullOrEmpty(path, nameof(paths));
        }

        _paths = [.. paths];
        _options = options ?? new RowReaderOptions();
    }

    private RowReader(RowReader other, MarkedRows only) =>
        (_paths, _options, _result, _only) = (other._paths, other._options, other.Result, only);

    /// <summary>
    /// Gets a value indicating whether a pass has come to its end, so that the other properties are known.
    /// </summary>
    public bool IsComplete => _result is not null;

    /// <summary>Gets the facts about each file, in the order of the files.</summary>
    /// <exception cref="InvalidOperationException">No pass has come to its end.</exception>
    public IReadOnlyList<InputFile> Files => [.. Result.Files.Select(state => state.File)];

    /// <summary>Gets the number of rows kept, over all files.</summary>
    /// <exception cref="InvalidOperationException">No pass has come to its end.</exception>
    public long RowCount => _only?.Count ?? Result.RowCount;

    /// <summary>Gets the number of rows left out, over all files.</summary>
    /// <exception cref="InvalidOperationException">No pass has come to its end.</exception>
    public long SkippedCount => Result.SkippedPositions.Count;

    /// <summary>Gets the rows left out, in their order; of more than 1,000, the first 1,000.</summary>
    /// <exception cref="InvalidOperationException">No pass has come to its end.</exception>
    public IReadOnlyList<SkippedRow> SkippedRows => Result.SkippedRows;

    /// <summary>
    /// Gets the positions of all rows left out, from 0 over all files and ascending: where they would stand if they had
    /// been kept.
    /// </summary>
    /// <exception cref="InvalidOperationException">No pass has come to its end.</exception>
    internal IReadOnlyList<long> SkippedPositions => Result.SkippedPositions;

    private RowPassResult Result =>
        _result ?? throw new InvalidOperationException("Expected a complete pass over the rows, found none so far.");

    /// <summary>Returns a reader of some of the rows alone, which are numbered from 0 among themselves.</summary>
    /// <param name="rows">The rows, by their numbers here.</param>
    /// <exception cref="InvalidOperationException">No pass has come to its end.</exception>
    public RowReader Only(MarkedRows rows) => new(this, rows);

    /// <summary>Reads all rows from the beginning.</summary>
    /// <param name="fields">What the rows have to hold; everything by default.</param>
    /// <param name="progress">Receives the bytes read from disk so far, over all files, about once per MiB; may be
    /// null.</param>
    /// <param name="cancellationToken">Stops the pass.</param>
    /// <returns>
    /// The rows, read as they are asked for. The bytes of a row are valid until the next is asked for.
    /// </returns>
    /// <exception cref="InvalidDataException">While reading: a row is bad and bad rows are not skipped; a file's schema
    /// is not recognized; compressed data are damaged or end too early; or there is no row at all. The message says
    /// where.</exception>
    /// <exception cref="IOException">While reading: a file is missing, cannot be read, or changed since the first
    /// pass.</exception>
    /// <exception cref="OperationCanceledException">While reading: the token was canceled.</exception>
    public IEnumerable<Row> Read(
        RowFields fields = RowFields.All,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) => Read(fields, null, progress, cancellationToken);

    /// <summary>Reads all rows, with text and tokens of only a few.</summary>
    /// <param name="fields">What the rows have to hold.</param>
    /// <param name="detailed">The rows whose text and tokens are read, as far as the fields ask for them, ascending;
    /// null for all. They take longer than the rest.</param>
    /// <param name="progress">As above.</param>
    /// <param name="cancellationToken">As above.</param>
    internal IEnumerable<Row> Read(
        RowFields fields,
        ReadOnlyMemory<long>? detailed,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        using var pass = new RowPass(
            _paths,
            _options,
            new RowDetail(fields, detailed),
            _result,
            progress,
            cancellationToken
        )
        {
            Only = _only,
        };
        while (pass.TryRead(out Row row))
        {
            yield return row;
        }

        _result ??= pass.Finish();
    }
}
