using Npgsql;

namespace Tsds.Sources.Tables;

/// <summary>The columns of a table.</summary>
/// <param name="TypeOf">The type of each column by name.</param>
/// <param name="Names">The names, in the order of the table.</param>
/// <param name="Key">The primary key where it has one column; else null.</param>
internal sealed record TableColumns(
    IReadOnlyDictionary<string, string> TypeOf,
    IReadOnlyList<string> Names,
    string? Key
)
{
    /// <summary>The field of a row in which its id is looked for.</summary>
    public const string Id = "id";

    /// <summary>Gets a value indicating whether an export has added a column, which is no part of a row.</summary>
    public bool HasFlags => Names.Any(FlagField.IsFlag);

    /// <summary>Gets the columns that are no part of a row, the vectors among them.</summary>
    /// <param name="vector">The column of the vectors.</param>
    public IEnumerable<string> NotOfRows(string vector) => Names.Where(FlagField.IsFlag).Prepend(vector);

    /// <summary>Gets a row without the columns that exports have added, as it is written in a query.</summary>
    /// <param name="table">The name of the table in the query.</param>
    public string Record(string table)
    {
        IEnumerable<string> ofRows = Names
            .Where(name => !FlagField.IsFlag(name))
            .Select(name => $"{table}.{TableAddress.Quote(name)}");
        return HasFlags ? $"ROW({string.Join(", ", ofRows)})" : table;
    }

    /// <summary>Reads the columns of a table.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="address">The table.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<TableColumns> ReadAsync(
        NpgsqlConnection connection,
        TableAddress address,
        CancellationToken cancellationToken
    )
    {
        string query =
            "SELECT a.attname, format_type(a.atttypid, a.atttypmod), EXISTS (SELECT FROM pg_index i WHERE i.indrelid = "
            + "a.attrelid AND i.indisprimary AND i.indnatts = 1 AND i.indkey[0] = a.attnum) FROM pg_attribute a WHERE "
            + $"a.attrelid = {TableAddress.QuoteText(address.Quoted)}::regclass AND a.attnum > 0 AND NOT "
            + "a.attisdropped ORDER BY a.attnum";
        Dictionary<string, string> types = new(StringComparer.Ordinal);
        List<string> names = [];
        string? key = null;
        NpgsqlCommand command = new(query, connection);
        await using (command.ConfigureAwait(false))
        {
            NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    string name = reader.GetString(0);
                    names.Add(name);
                    types.Add(name, reader.GetString(1));
                    key = reader.GetBoolean(2) ? name : key;
                }
            }
        }

        return new TableColumns(types, names, key);
    }

    /// <summary>Returns the column by which rows are ordered, with its type.</summary>
    /// <param name="address">The table.</param>
    /// <param name="label">Its address, for messages.</param>
    /// <exception cref="InvalidDataException">There is none of one column.</exception>
    public (string Name, string Type) KeyOf(TableAddress address, string label)
    {
        string name =
            address.Id
            ?? Key
            ?? throw new InvalidDataException(
                $"{label}: expected a table with a primary key of one column, found another; name a column of unique "
                    + $"values with &id=COLUMN."
            );
        return TypeOf.TryGetValue(name, out string? type)
            ? (name, type)
            : throw new InvalidDataException($"{label}: expected the column {name}, found none of that name.");
    }
}
