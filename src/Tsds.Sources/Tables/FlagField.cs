using System.Text;

namespace Tsds.Sources.Tables;

/// <summary>The field in a database that says which rows a selection chose.</summary>
internal static class FlagField
{
    /// <summary>The name of the field where none is given.</summary>
    public const string DefaultName = Prefix + "selected";

    private const string Prefix = "tsds_";

    /// <summary>The longest name that PostgreSQL keeps whole.</summary>
    private const int MostBytes = 63;

    /// <summary>Determines whether a field was written by an export and is no part of a row.</summary>
    public static bool IsFlag(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Determines whether a field may have a name in each database, without quotation marks.</summary>
    public static bool IsName(string name) =>
        name.Length > 0
        && Encoding.UTF8.GetByteCount(name) <= MostBytes
        && !char.IsAsciiDigit(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_');
}
