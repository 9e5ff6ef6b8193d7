namespace Tsds.Jobs.Explore;

/// <summary>Represents a field of a row that is neither a list nor an object.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value, cut where it is long.</param>
internal sealed record ShownField(string Name, string Value);
