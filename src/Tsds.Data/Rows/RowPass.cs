using Tsds.Data.Containers;
using Tsds.Data.Files;
using Tsds.Data.Tokens;

namespace Tsds.Data.Rows;

/// <summary>One pass over all files, which opens one after the other and checks every line.</summary>
/// <remarks>
/// The first pass decides which rows are bad. A later one gets their list, so that it numbers the rows alike
/// without taking them apart again, and checks that the files are still the same.
/// </remarks>
internal sealed class RowPass : IDisposable
{
    private const int MaxListedSkips = 1000;
    private const long ProgressStep = 1 << 20;

    private readonly IReadOnlyList<string> _paths;
    private readonly RowReaderOptions _options;
    private readonly RowDetail _detail;
    private readonly RowPassResult? _earlier;
    private readonly IProgress<long>? _progress;
    private readonly CancellationToken _cancellationToken;
    private readonly RowParser _parser;

    private readonly List<RowFileState> _finished = [];
    private readonly List<SkippedRow> _skippedRows = [];
    private readonly List<long> _skippedPositions = [];
    private long _rowCount;
    private long _passedOver;
    private int _nextDetailed;
    private long _finishedBytes;
    private long _reportedBytes;

    // Of the file that is open:
    private RowFile? _file;
    private string _stem = string.Empty;
    private RowSchema? _schema;
    private long[] _schemaRows = [];
    private List<long> _skippedLines = [];
    private int _nextSkip;

    /// <summary>Initializes a new instance of the <see cref="RowPass"/> class.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="options">How rows are read.</param>
    /// <param name="detail">What rows have to hold.</param>
    /// <param name="earlier">The result of an earlier pass over the same files, or null.</param>
    /// <param name="progress">Receives the bytes read from disk so far; may be null.</param>
    /// <param name="cancellationToken">Stops the pass.</param>
    public RowPass(
        IReadOnlyList<string> paths,
        RowReaderOptions options,
        RowDetail detail,
        RowPassResult? earlier,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        _paths = paths;
        _options = options;
        _detail = detail;
        _earlier = earlier;
        _progress = progress;
        _cancellationToken = cancellationToken;
        _parser = new RowParser(options);
    }

    /// <summary>
    /// Gets the rows that are returned, by their numbers among all; null for all. An earlier pass judged the others.
    /// </summary>
    public MarkedRows? Only { get; init; }

    /// <summary>
    /// Determines whether a line is empty or white space only. Such lines are numbered but are not rows.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <returns>True when it is empty or has only spaces, tabs and carriage returns.</returns>
    public static bool IsBlank(ReadOnlySpan<byte> line) => !line.ContainsAnyExcept(" \t\r"u8);

    /// <summary>Reads the next row.</summary>
    /// <param name="row">The row.</param>
    /// <returns>False after the last row of the last file.</returns>
    /// <exception cref="InvalidDataException">A row or a file is not usable.</exception>
    /// <exception cref="IOException">A file is missing, cannot be read, or changed since the earlier pass.</exception>
    public bool TryRead(out Row row)
    {
        while (_file is not null || _finished.Count < _paths.Count)
        {
            if (_file is null)
            {
                OpenFile();
            }

            while (_file!.TryRead(out ReadOnlyMemory<byte> line, out string? problem))
            {
                _cancellationToken.ThrowIfCancellationRequested();
                ReportProgress(ProgressStep);
                if ((problem is not null || !IsBlank(line.Span)) && TryAccept(line, problem, out row))
                {
                    return true;
                }
            }

            CloseFile();
        }

        if (_rowCount == 0 && !_options.MayBeEmpty)
        {
            throw NoRows();
        }

        row = default;
        return false;
    }

    /// <summary>Returns the result of the pass; called after the last row.</summary>
    /// <returns>The facts about all files.</returns>
    public RowPassResult Finish() => new(_finished, _skippedRows, _skippedPositions, _rowCount);

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    private void OpenFile()
    {
        string path = _paths[_finished.Count];
        _schema = _earlier is null
            ? SchemaDetector.Detect(path, _parser, _options, _options.MaxLineBytes, _cancellationToken)
            : _earlier.Files[_finished.Count].Schema;
        _file = new RowFile(_options.Locate(path), path, _options.MaxLineBytes, _options.CellQuotes);
        if (_earlier is not null && _earlier.Files[_finished.Count].File.Bytes != _file.Bytes)
        {
            throw Changed(path, _earlier.Files[_finished.Count].File.Bytes, _file.Bytes);
        }

        _stem = PartitionFolders.NameOf(path) ?? RowContainer.StemOf(path);
        _schemaRows = new long[RowSchemas.Count];
        _skippedLines = [];
        _nextSkip = 0;
    }

    private void CloseFile()
    {
        RowFile file = _file!;
        string path = _paths[_finished.Count];
        string hash = file.FinishHash();
        file.Dispose();
        _file = null;
        _finishedBytes += file.BytesRead;
        ReportProgress(step: 1);
        if (_earlier is not null)
        {
            RowFileState known = _earlier.Files[_finished.Count];
            if (known.File.Bytes != file.BytesRead || known.File.Sha256 != hash)
            {
                throw Changed(path, known.File.Bytes, file.BytesRead);
            }

            _finished.Add(known);
            return;
        }

        long rows = _schemaRows.Sum();
        RowSchema? schema = _schema ?? (rows > 0 ? (RowSchema)Array.IndexOf(_schemaRows, _schemaRows.Max()) : null);
        var schemas = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (int i = 0; i < _schemaRows.Length; i++)
        {
            if (_schemaRows[i] > 0)
            {
                schemas.Add(RowSchemas.NameOf((RowSchema)i), _schemaRows[i]);
            }
        }

        var facts = new InputFile
        {
            Path = path,
            Container = file.Container.Name,
            Bytes = file.BytesRead,
            Sha256 = hash,
            Version = FileSources.VersionOf(_options.Locate(path)),
            Rows = rows,
            SkippedRows = _skippedLines.Count,
            Schema = schema is null ? string.Empty : RowSchemas.NameOf(schema.Value),
            Schemas = schemas,
        };
        _finished.Add(new RowFileState(facts, _schema, _skippedLines));
    }

    private bool TryAccept(ReadOnlyMemory<byte> line, string? problem, out Row row)
    {
        row = default;
        long number = _file!.Number;
        IReadOnlyList<long>? knownSkips = _earlier?.Files[_finished.Count].SkippedLines;
        if (knownSkips is not null && _nextSkip < knownSkips.Count && knownSkips[_nextSkip] == number)
        {
            _nextSkip++;
            return false;
        }

        if (Only is not null && !Only.Contains(_rowCount + _passedOver))
        {
            _passedOver++;
            return false;
        }

        problem ??= _earlier is null ? _options.LeftOut?.GetValueOrDefault(_rowCount + _skippedPositions.Count) : null;
        if (problem is not null)
        {
            return Reject(number, problem);
        }

        string text = string.Empty;
        ReadOnlySpan<byte> utf8 = line.Span;
        RowTokens tokens = default;
        bool isDetailed = IsDetailed();
        bool wantsText = isDetailed && _detail.HasText;
        bool wantsTokens = isDetailed && _detail.HasTokens;
        if (knownSkips is null || wantsText || _detail.HasIdentity || wantsTokens)
        {
            if (!_parser.TryScan(utf8))
            {
                return Reject(number, _parser.Problem);
            }

            if (knownSkips is null || wantsText || wantsTokens)
            {
                if (!_parser.TryReadText(utf8, _schema, out RowSchema schema, out ReadOnlySpan<char> characters))
                {
                    return Reject(number, _parser.Problem);
                }

                _schemaRows[(int)schema]++;
                text = wantsText ? characters.ToString() : string.Empty;
                tokens = wantsTokens ? _parser.CountTokens(utf8) : default;
            }
        }

        row = new Row
        {
            Utf8 = line,
            Text = text,
            Id = _detail.HasIdentity ? _parser.ReadId(utf8) : null,
            Source = _detail.HasIdentity ? _parser.ReadSource(utf8, _stem) : string.Empty,
            FileIndex = _finished.Count,
            Line = number,
            Index = _rowCount++,
            Tokens = tokens.All,
            SupervisedTokens = tokens.Supervised,
            HasExactTokens = tokens.IsExact,
        };
        return true;
    }

    /// <summary>Determines whether text and tokens of the next row are requested.</summary>
    private bool IsDetailed()
    {
        if (_detail.Rows is not { } detailed)
        {
            return true;
        }

        while (_nextDetailed < detailed.Length && detailed.Span[_nextDetailed] < _rowCount)
        {
            _nextDetailed++;
        }

        return _nextDetailed < detailed.Length && detailed.Span[_nextDetailed] == _rowCount;
    }

    private bool Reject(long number, string problem)
    {
        string path = _paths[_finished.Count];
        if (_earlier is not null)
        {
            throw new IOException(
                $"{path}, {_file!.Unit} {number}: {problem}; it was good before: the file changed during the run."
            );
        }

        if (_options.OnBadRow == BadRowPolicy.Fail)
        {
            throw new InvalidDataException(
                $"{path}, {_file!.Unit} {number}: {problem}. Correct the row, or leave such rows out with "
                    + $"--on-bad-row skip."
            );
        }

        _skippedLines.Add(number);
        _skippedPositions.Add(_rowCount + _skippedPositions.Count);
        if (_skippedRows.Count < MaxListedSkips)
        {
            _skippedRows.Add(new SkippedRow(path, number, problem));
        }

        return false;
    }

    private void ReportProgress(long step)
    {
        long bytes = _finishedBytes + (_file?.BytesRead ?? 0);
        if (_progress is not null && bytes - _reportedBytes >= step)
        {
            _reportedBytes = bytes;
            _progress.Report(bytes);
        }
    }

    private static IOException Changed(string path, long expectedBytes, long bytes) =>
        new(
            $"{path}: expected the file that was read before ({expectedBytes} bytes), found another one "
                + $"({bytes} bytes): "
                + "it changed during the run. Run again once it is complete."
        );

    private InvalidDataException NoRows()
    {
        string files = _paths.Count == 1 ? _paths[0] : $"{_paths[0]} and {_paths.Count - 1} more files";
        string found =
            _skippedPositions.Count == 0
                ? "found none"
                : $"found none that can be used; {_skippedPositions.Count} were skipped, the first because "
                    + $"{_skippedRows[0].Reason}";
        return new InvalidDataException($"{files}: expected at least one row, {found}.");
    }
}
