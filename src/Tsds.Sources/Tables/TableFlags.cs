using Npgsql;
using NpgsqlTypes;

namespace Tsds.Sources.Tables;

/// <summary>Marks the chosen rows of a table in a boolean column, all in one transaction or none.</summary>
/// <param name="address">The table.</param>
/// <param name="label">Its address, for messages.</param>
/// <param name="column">The column, which is added where it is missing.</param>
internal sealed class TableFlags(TableAddress address, string label, string column)
{
    private const int BatchRows = 10_000;

    private bool _mayBeWritten;

    private string Quoted => TableAddress.Quote(column);

    /// <summary>Sets the column to true for the rows with some ids, and to false for all others.</summary>
    /// <param name="ids">The ids as the lineage has them, all different.</param>
    /// <param name="replaces">True if a column of that name is overwritten.</param>
    /// <param name="cancellationToken">Stops; the table stays as it was.</param>
    /// <exception cref="IOException">There is such a column, or the server cannot be reached, or refuses.</exception>
    /// <exception cref="InvalidDataException">The ids are not those of as many rows.</exception>
    public async Task WriteAsync(IReadOnlyList<string> ids, bool replaces, CancellationToken cancellationToken)
    {
        try
        {
            NpgsqlConnection connection = await TableServer.OpenAsync(address, cancellationToken).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                // Who waits for a table would have all others wait behind it.
                await TableServer
                    .RunAsync(connection, "BEGIN; SET LOCAL lock_timeout = '30s'", cancellationToken)
                    .ConfigureAwait(false);
                TableColumns columns = await TableColumns
                    .ReadAsync(connection, address, cancellationToken)
                    .ConfigureAwait(false);

                // Where the connection broke at the end, the column may be this run's own.
                await ClearAsync(connection, columns, replaces || _mayBeWritten, cancellationToken)
                    .ConfigureAwait(false);
                await SetAsync(connection, columns, ids, cancellationToken).ConfigureAwait(false);
                _mayBeWritten = true;
                await TableServer.RunAsync(connection, "COMMIT", cancellationToken).ConfigureAwait(false);
            }
        }
        catch (NpgsqlException exception)
        {
            throw TableServer.Explain(address, $"{label}: expected a table that may be written", exception);
        }
    }

    private async Task ClearAsync(
        NpgsqlConnection connection,
        TableColumns columns,
        bool replaces,
        CancellationToken cancellationToken
    )
    {
        if (!columns.TypeOf.TryGetValue(column, out string? type))
        {
            await TableServer
                .RunAsync(
                    connection,
                    $"ALTER TABLE {address.Quoted} ADD COLUMN {Quoted} boolean NOT NULL DEFAULT false",
                    cancellationToken
                )
                .ConfigureAwait(false);
            return;
        }

        if (type != "boolean")
        {
            throw new InvalidDataException(
                $"{label}: expected the column {column} to be boolean, found {type}; name another one with --field."
            );
        }

        if (!replaces)
        {
            throw new IOException(
                $"{label}: expected no column {column}, found one; replace its values with --force, or name another "
                    + $"one with --field."
            );
        }

        await TableServer
            .RunAsync(
                connection,
                $"UPDATE {address.Quoted} SET {Quoted} = false WHERE {Quoted} IS DISTINCT FROM false",
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    private async Task SetAsync(
        NpgsqlConnection connection,
        TableColumns columns,
        IReadOnlyList<string> ids,
        CancellationToken cancellationToken
    )
    {
        // A row says its own id where the table has such a column, else its key.
        (string name, string type) = columns.TypeOf.TryGetValue(TableColumns.Id, out string? own)
            ? (TableColumns.Id, own)
            : columns.KeyOf(address, label);
        string statement =
            $"UPDATE {address.Quoted} SET {Quoted} = true WHERE {TableAddress.Quote(name)} = ANY($1::{type}[])";
        long found = 0;
        foreach (string[] batch in ids.Chunk(BatchRows))
        {
            NpgsqlCommand command = new(statement, connection);
            await using (command.ConfigureAwait(false))
            {
                command.Parameters.Add(
                    new NpgsqlParameter { Value = batch, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }
                );
                found += await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            }
        }

        if (found != ids.Count)
        {
            throw new InvalidDataException(
                $"{label}: expected a row for each of {ids.Count} ids in the column {name}, found {found}: the table "
                    + $"has changed, or the ids are not unique; select again."
            );
        }
    }
}
