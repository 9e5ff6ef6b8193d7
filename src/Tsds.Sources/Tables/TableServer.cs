using Npgsql;
using Tsds.Data.Files;

namespace Tsds.Sources.Tables;

/// <summary>The connection to the PostgreSQL server of a table.</summary>
internal static class TableServer
{
    /// <summary>Opens a connection of its own.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(TableAddress address, CancellationToken cancellationToken)
    {
        NpgsqlConnectionStringBuilder text = new()
        {
            Host = address.Host,
            Port = address.Port,
            Database = address.Database,
            Pooling = false,
            CommandTimeout = 0,
            KeepAlive = 30,
        };

        // PGUSER, PGPASSWORD, PGPASSFILE and PGSSLMODE are read by the library.
        if (address.User is not null)
        {
            text.Username = address.User;
        }

        NpgsqlConnection connection = new(text.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>The number of rows that it changed.</returns>
    public static async Task<long> RunAsync(
        NpgsqlConnection connection,
        string statement,
        CancellationToken cancellationToken
    )
    {
        NpgsqlCommand command = new(statement, connection);
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Converts what the server or the connection to it says.</summary>
    /// <param name="address">The table.</param>
    /// <param name="expected">What was expected of it, with its address.</param>
    /// <param name="exception">What was thrown.</param>
    /// <param name="hasProgressed">True if the next try has less to do.</param>
    public static SourceException Explain(
        TableAddress address,
        string expected,
        NpgsqlException exception,
        bool hasProgressed = false
    ) =>
        exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or "28000" } => new SourceException(
                $"{expected}, found that the server refuses the user; set PGUSER and PGPASSWORD.",
                exception
            ),
            PostgresException { IsTransient: false } refused => new SourceException(
                $"{expected}, found that the server says '{refused.MessageText}'.",
                exception
            ),
            PostgresException busy => new SourceException($"the server says '{busy.MessageText}'", exception)
            {
                IsPassing = true,
                HasProgressed = hasProgressed,
            },
            _ => new SourceException($"the connection to {address.Host}:{address.Port} broke", exception)
            {
                IsPassing = true,
                HasProgressed = hasProgressed,
            },
        };
}
