namespace Tsds.Jobs.Bundle;

/// <summary>A member of a JSON object that may be missing, which says something else than null.</summary>
/// <typeparam name="T">The type of the member.</typeparam>
/// <param name="Value">The value, which may be null.</param>
/// <remarks>The default is missing; the member is ignored where it is the default.</remarks>
internal readonly record struct Optional<T>(T Value)
{
    /// <summary>Gets a value indicating whether the member is there.</summary>
    public bool IsPresent { get; } = true;
}
