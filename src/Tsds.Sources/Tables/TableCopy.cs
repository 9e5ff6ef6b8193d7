using System.Globalization;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Tsds.Data.Files;

namespace Tsds.Sources.Tables;

/// <summary>
/// Copies a table to a folder, in chunks of rows in the order of their ids, all of one snapshot of the database.
/// </summary>
/// <remarks>
/// A copy that was stopped is completed in a new snapshot: the server states a digest of each chunk that is there
/// already, and those that are still the same are kept. So it is with a copy that is complete: it is looked at, not
/// made again.
/// </remarks>
/// <param name="address">The table.</param>
/// <param name="label">Its address, for messages.</param>
/// <param name="folder">The folder of the copy, which exists and is locked.</param>
/// <param name="notice">Receives a line for each chunk; may be null.</param>
internal sealed class TableCopy(TableAddress address, string label, string folder, Action<string>? notice)
{
    private const int ChunkRows = 20_000;

    private readonly CopyFolder _folder = new(folder);
    private TableColumns _columns = null!;
    private int _copied;

    /// <summary>Brings the copy up to date.</summary>
    /// <returns>The digest of all rows.</returns>
    /// <exception cref="SourceException">The server cannot be reached, or refuses.</exception>
    /// <exception cref="InvalidDataException">The table is not usable.</exception>
    public async Task<string> UpdateAsync(CancellationToken cancellationToken)
    {
        _copied = 0;
        try
        {
            NpgsqlConnection connection = await TableServer.OpenAsync(address, cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                await TableServer
                    .RunAsync(
                        connection,
                        "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                _columns = await TableColumns.ReadAsync(connection, address, cancellationToken).ConfigureAwait(false);
                (string id, string type) = _columns.KeyOf(address, label);
                List<TableChunk> chunks = await CopyAsync(connection, id, type, cancellationToken)
                    .ConfigureAwait(false);
                return _folder.Join(chunks);
            }
        }
        catch (NpgsqlException exception)
        {
            throw TableServer.Explain(
                address,
                $"{label}: expected a table with the column {address.Vector} that may be read",
                exception,
                hasProgressed: _copied > 0
            );
        }
    }

    private async Task<List<TableChunk>> CopyAsync(
        NpgsqlConnection connection,
        string id,
        string type,
        CancellationToken cancellationToken
    )
    {
        List<TableChunk> chunks = await KeepAsync(connection, id, type, cancellationToken).ConfigureAwait(false);
        long rows = chunks.Sum(chunk => (long)chunk.Rows);
        while (true)
        {
            string? after = chunks.Count > 0 ? chunks[^1].Last : null;
            TableChunk? chunk = await CopyChunkAsync(connection, id, type, after, chunks.Count, cancellationToken)
                .ConfigureAwait(false);
            if (chunk is null)
            {
                break;
            }

            if (chunks.Count > 0 && chunk.Dimension != chunks[0].Dimension)
            {
                throw new InvalidDataException(
                    $"{label}: expected vectors of {chunks[0].Dimension} numbers, found one of {chunk.Dimension} after "
                        + $"the id {after}; embed all rows with the same model."
                );
            }

            chunks.Add(chunk);
            _copied++;
            rows += chunk.Rows;
            notice?.Invoke(string.Create(CultureInfo.InvariantCulture, $"{label}: {rows:N0} rows copied"));
        }

        return chunks.Count > 0
            ? chunks
            : throw new InvalidDataException($"{label}: expected at least one row with a vector, found none.");
    }

    /// <summary>Returns the chunks that are on disk and still the same, from the first on.</summary>
    private async Task<List<TableChunk>> KeepAsync(
        NpgsqlConnection connection,
        string id,
        string type,
        CancellationToken cancellationToken
    )
    {
        List<TableChunk> chunks = [];
        while (_folder.Find(chunks.Count) is { } chunk)
        {
            string digest = await DigestAsync(connection, id, type, chunk, cancellationToken).ConfigureAwait(false);
            if (digest != chunk.Digest || chunk.After != (chunks.Count > 0 ? chunks[^1].Last : null))
            {
                break;
            }

            chunks.Add(chunk);
        }

        _folder.RemoveFrom(chunks.Count);
        return chunks;
    }

    private string Range(string id, string type, string? after, string? last)
    {
        string column = "t." + TableAddress.Quote(id);
        string vector = TableAddress.Quote(address.Vector);
        string from = after is null ? "" : $" AND {column} > {TableAddress.QuoteText(after)}::{type}";
        string to = last is null ? "" : $" AND {column} <= {TableAddress.QuoteText(last)}::{type}";
        return $"FROM {address.Quoted} t WHERE {vector} IS NOT NULL{from}{to}";
    }

    private async Task<string> DigestAsync(
        NpgsqlConnection connection,
        string id,
        string type,
        TableChunk chunk,
        CancellationToken cancellationToken
    )
    {
        string query =
            $"SELECT count(*)::text || ' ' || coalesce(md5(string_agg(md5({_columns.Record("t")}::text), '' "
            + $"ORDER BY t.{TableAddress.Quote(id)})), '') {Range(id, type, chunk.After, chunk.Last)}";
        NpgsqlCommand command = new(query, connection) { CommandTimeout = 0 };
        await using (command.ConfigureAwait(false))
        {
            return (string)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        }
    }

    private async Task<TableChunk?> CopyChunkAsync(
        NpgsqlConnection connection,
        string id,
        string type,
        string? after,
        int number,
        CancellationToken cancellationToken
    )
    {
        // Named by its table: the column of that name in the result is text, and in another order.
        string column = "t." + TableAddress.Quote(id);
        string vector = TableAddress.Quote(address.Vector);
        string others = string.Join(", ", _columns.NotOfRows(address.Vector).Select(TableAddress.QuoteText));
        string query =
            $"COPY (SELECT {column}::text, (jsonb_build_object('id', {column}::text) || (to_jsonb(t) - "
            + $"ARRAY[{others}]))::text, {vector}::real[] {Range(id, type, after, null)} "
            + $"ORDER BY {column} LIMIT {ChunkRows}) TO STDOUT (FORMAT BINARY)";
        string last = "";
        int rows = 0;
        int dimension = 0;
        NpgsqlBinaryExporter copy = await connection
            .BeginBinaryExportAsync(query, cancellationToken)
            .ConfigureAwait(false);
        await using (copy.ConfigureAwait(false))
        {
            using ChunkWriter writer = _folder.Write(number, label);
            while (await copy.StartRowAsync(cancellationToken).ConfigureAwait(false) >= 0)
            {
                last = await copy.ReadAsync<string>(NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
                string row = await copy.ReadAsync<string>(NpgsqlDbType.Text, cancellationToken).ConfigureAwait(false);
                float[] values = await copy.ReadAsync<float[]>(
                        NpgsqlDbType.Array | NpgsqlDbType.Real,
                        cancellationToken
                    )
                    .ConfigureAwait(false);
                writer.Add(last, Encoding.UTF8.GetBytes(row), values);
                rows++;
                dimension = values.Length;
            }
        }

        if (rows == 0)
        {
            return null;
        }

        TableChunk chunk = new(after, last, rows, dimension, "");
        chunk = chunk with
        {
            Digest = await DigestAsync(connection, id, type, chunk, cancellationToken).ConfigureAwait(false),
        };

        _folder.Finish(number, chunk);
        return chunk;
    }
}
