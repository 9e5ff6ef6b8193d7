using Tsds.Data;

namespace Tsds.Quality;

/// <summary>A method under the name that the tables call it by.</summary>
/// <param name="Name">The name.</param>
/// <param name="Method">The method.</param>
internal sealed record Entrant(string Name, ISelectionMethod Method);
