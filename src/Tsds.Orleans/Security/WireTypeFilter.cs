using Orleans.Serialization;

namespace Tsds.Orleans.Security;

/// <summary>Allows deserialization only of types that this project and Orleans declare, and of plain values.</summary>
internal sealed class WireTypeFilter : ITypeNameFilter
{
    private static readonly HashSet<string> PlainTypes = new(StringComparer.Ordinal)
    {
        "System.Boolean",
        "System.Byte",
        "System.Int16",
        "System.Int32",
        "System.Int64",
        "System.UInt16",
        "System.UInt32",
        "System.UInt64",
        "System.Single",
        "System.Double",
        "System.String",
        "System.Guid",
        "System.DateTime",
        "System.TimeSpan",
        "System.Object",
        "System.Nullable`1",
        "System.Exception",
        "System.TimeoutException",
        "System.OperationCanceledException",
        "System.Threading.Tasks.TaskCanceledException",
        "System.InvalidOperationException",
        "System.IO.InvalidDataException",
        "System.Collections.Generic.Dictionary`2",
        "System.Collections.Generic.List`1",
        "System.Collections.Generic.HashSet`1",
        "System.Collections.Generic.KeyValuePair`2",
        "System.Collections.Immutable.ImmutableArray`1",
        "System.Collections.Immutable.ImmutableDictionary`2",
        "System.Collections.Immutable.ImmutableHashSet`1",
        "System.Net.IPAddress",
        "System.Net.IPEndPoint",
        "System.ValueTuple`2",
        "System.ValueTuple`3",
    };

    public bool? IsTypeNameAllowed(string typeName, string assemblyName)
    {
        string assembly = (assemblyName ?? "").Split(',')[0];
        if (assembly.Length == 0 && !IsOfRuntime(typeName))
        {
            // An alias, which stands for nothing but the declared type that it was given to.
            return null;
        }

        if (
            assembly is "Tsds.Orleans"
            || assembly.StartsWith("Orleans.", StringComparison.Ordinal)
            || assembly.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal)
        )
        {
            return true;
        }

        return PlainTypes.Contains(typeName.TrimEnd('[', ']', ',', '*'));
    }

    /// <summary>
    /// Determines whether a type is one of the runtime's own, which are sent without the name of their assembly.
    /// </summary>
    private static bool IsOfRuntime(string typeName) =>
        typeName.StartsWith("System.", StringComparison.Ordinal)
        || typeName.StartsWith("Microsoft.", StringComparison.Ordinal)
        || typeName.StartsWith("Internal.", StringComparison.Ordinal);
}
