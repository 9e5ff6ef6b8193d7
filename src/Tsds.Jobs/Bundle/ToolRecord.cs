using System.Reflection;

namespace Tsds.Jobs.Bundle;

/// <summary>The program that wrote a file.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version, with the commit that it was built from.</param>
internal sealed record ToolRecord(string Name, string? Version)
{
    /// <summary>Gets this program.</summary>
    public static ToolRecord Current { get; } =
        new(
            "tsds",
            typeof(DataSelector)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion
                ?? typeof(DataSelector).Assembly.GetName().Version?.ToString()
        );
}
