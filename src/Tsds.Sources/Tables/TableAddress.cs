using System.Web;
using Tsds.Sources.Http;

namespace Tsds.Sources.Tables;

/// <summary>
/// An address of a table with vectors: <c>postgres://HOST[:PORT]/DATABASE/TABLE?vector=COLUMN[&amp;id=COLUMN]</c>.
/// </summary>
/// <param name="Host">The server.</param>
/// <param name="Port">Its port.</param>
/// <param name="User">The user, or null for that of the environment.</param>
/// <param name="Database">The database.</param>
/// <param name="Schema">The schema of the table, or null for the search path.</param>
/// <param name="Table">The table.</param>
/// <param name="Vector">The column of the vectors.</param>
/// <param name="Id">The column by which rows are ordered, or null for the primary key.</param>
internal sealed record TableAddress(
    string Host,
    int Port,
    string? User,
    string Database,
    string? Schema,
    string Table,
    string Vector,
    string? Id
)
{
    private const int DefaultPort = 5432;
    private const string Form = "postgres://HOST[:PORT]/DATABASE/[SCHEMA.]TABLE?vector=COLUMN[&id=COLUMN]";

    /// <summary>Gets the table as it is written in a query.</summary>
    public string Quoted => Schema is null ? Quote(Table) : $"{Quote(Schema)}.{Quote(Table)}";

    /// <summary>Parses an address.</summary>
    /// <exception cref="ArgumentException">It is not complete, or has a password.</exception>
    public static TableAddress Parse(string address)
    {
        if (AddressSecrets.HasPassword(address))
        {
            throw new ArgumentException(
                $"{AddressSecrets.Hide(address)}: expected an address without a password, found one in it, which the "
                    + $"manifest would show; set PGPASSWORD."
            );
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? url) || url.Host.Length == 0)
        {
            throw new ArgumentException($"Expected {Form}, found '{address}'.");
        }

        string[] path = url.AbsolutePath.Trim('/').Split('/');
        System.Collections.Specialized.NameValueCollection query = HttpUtility.ParseQueryString(url.Query);
        if (
            path is not [{ Length: > 0 } database, { Length: > 0 } name]
            || query["vector"] is not { Length: > 0 } vector
        )
        {
            throw new ArgumentException($"Expected {Form}, found '{address}'.");
        }

        string[] parts = Uri.UnescapeDataString(name).Split('.', 2);
        return new TableAddress(
            url.Host,
            url.Port > 0 ? url.Port : DefaultPort,
            url.UserInfo.Length > 0 ? Uri.UnescapeDataString(url.UserInfo) : null,
            Uri.UnescapeDataString(database),
            parts.Length > 1 ? parts[0] : null,
            parts[^1],
            vector,
            query["id"]
        );
    }

    /// <summary>Returns a name as it is written in a query.</summary>
    public static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Returns a text as it is written in a query.</summary>
    public static string QuoteText(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
