using System.Runtime.ExceptionServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using Tsds.Data.Files;

namespace Tsds.Data.Containers;

/// <summary>Reads the rows of record batches, each as an object with the columns' names.</summary>
internal sealed class ArrowRecordReader : IRecordReader
{
    private readonly IRecordBatches _batches;
    private readonly string _name;
    private readonly ArrowRowWriter _writer;
    private RecordBatch? _batch;
    private int _next;

    /// <summary>Initializes a new instance of the <see cref="ArrowRecordReader"/> class.</summary>
    /// <param name="batches">The batches; disposed with this object.</param>
    /// <param name="name">The file's name in messages.</param>
    /// <param name="maxRowBytes">The longest row to return, in bytes as JSON.</param>
    public ArrowRecordReader(IRecordBatches batches, string name, int maxRowBytes)
    {
        _batches = batches;
        _name = name;
        _writer = new ArrowRowWriter(maxRowBytes);
    }

    /// <inheritdoc/>
    public string Unit => "row";

    /// <inheritdoc/>
    public long Number { get; private set; }

    /// <inheritdoc/>
    public long BytesRead => _batches.BytesRead;

    /// <inheritdoc/>
    public bool TryRead(out ReadOnlyMemory<byte> record, out string? problem)
    {
        record = default;
        problem = null;
        try
        {
            while (_batch is null || _next >= _batch.Length)
            {
                Release();
                _batch = _batches.Read();
                _next = 0;
                if (_batch is null)
                {
                    return false;
                }
            }

            problem = _writer.Write(_batch, _next++);
            Number++;
            record = problem is null ? _writer.Row : default;
            return true;
        }
        catch (Exception e) when (_batches.Failure is not null || IsDamage(e))
        {
            if (_batches.Failure is { } failure)
            {
                ExceptionDispatchInfo.Throw(failure);
            }

            throw new InvalidDataException(
                $"{_name}: expected a whole {_batches.Kind} file, found an error after row {Number}: "
                    + $"{OneLine(e)}. Fetch or write it again.",
                e
            );
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        _batches.Dispose();
        _writer.Dispose();
    }

    private void Release()
    {
        // Batches share their dictionaries, and disposing of one would dispose of them: such batches are left to the
        // collector.
        if (_batch is not null && !_batch.Schema.FieldsList.Any(field => HasDictionary(field.DataType)))
        {
            _batch.Dispose();
        }

        _batch = null;
    }

    private static bool HasDictionary(IArrowType type) =>
        type is DictionaryType
        || (type is NestedType nested && nested.Fields.Any(field => HasDictionary(field.DataType)));

    // The libraries trust lengths and offsets that the file states: where these are wrong, what comes is whatever they
    // trip over.
    private static bool IsDamage(Exception e) =>
        e
            is not (
                FileNotFoundException
                or DirectoryNotFoundException
                or UnauthorizedAccessException
                or OperationCanceledException
                or SourceException
            );

    /// <summary>Returns the message of an exception on one line; where it passes on another, only that one.</summary>
    private static string OneLine(Exception e)
    {
        const string passedOn = "(message: '";
        string message = e.Message;
        int inner = message.IndexOf(passedOn, StringComparison.Ordinal);
        message = inner < 0 ? message : message[(inner + passedOn.Length)..].TrimEnd(')', '\'');
        return string.Join(' ', message.Split(['\r', '\n', ' '], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
    }
}
