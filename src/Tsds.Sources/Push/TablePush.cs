using Tsds.Data.Files;
using Tsds.Sources.Tables;

namespace Tsds.Sources.Push;

/// <summary>Marks the rows of a selection in the database that its pool came from.</summary>
internal static class TablePush
{
    /// <summary>The beginning of addresses of collections.</summary>
    public const string QdrantScheme = CollectionAddress.Scheme + "://";

    /// <summary>The beginnings of addresses of tables.</summary>
    public static readonly string[] PostgresSchemes = ["postgres://", "postgresql://"];

    /// <summary>The name of the field where none is given.</summary>
    public const string DefaultField = FlagField.DefaultName;

    /// <summary>Determines whether a field may have a name in each database.</summary>
    public static bool IsField(string name) => FlagField.IsName(name);

    /// <summary>Sets a field to true for the rows with some ids, and for no others.</summary>
    /// <param name="address">The table or collection.</param>
    /// <param name="ids">The ids as the lineage has them, all different.</param>
    /// <param name="field">The field.</param>
    /// <param name="replaces">True if what is there in a field of that name is replaced.</param>
    /// <param name="options">How servers are reached.</param>
    /// <param name="cancellationToken">Stops; a table stays as it was, a collection has some rows marked.</param>
    /// <exception cref="ArgumentException">The address is not complete.</exception>
    /// <exception cref="IOException">There is something in the field, or the server refuses, or cannot be
    /// reached.</exception>
    /// <exception cref="InvalidDataException">The ids are not those of as many rows.</exception>
    public static async Task RunAsync(
        string address,
        IReadOnlyList<string> ids,
        string field,
        bool replaces,
        SourceOptions options,
        CancellationToken cancellationToken
    )
    {
        SourceRetry retry = options.CreateRetry();
        if (address.StartsWith(QdrantScheme, StringComparison.Ordinal))
        {
            CollectionAddress collection = CollectionAddress.Parse(address, options.AllowsHttp);
            using CollectionFlags points = new(collection, address, field, retry);
            await points.WriteAsync(ids, replaces, cancellationToken).ConfigureAwait(false);
            return;
        }

        TableFlags rows = new(TableAddress.Parse(address), address, field);
        await retry
            .RunAsync(address, () => rows.WriteAsync(ids, replaces, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
    }
}
