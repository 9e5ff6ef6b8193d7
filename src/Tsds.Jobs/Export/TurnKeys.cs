namespace Tsds.Jobs.Export;

/// <summary>The lists of turns that a trainer reads as they are, for one pair of keys of a turn.</summary>
/// <param name="Lists">The names that the list may have; none where the configuration tells it.</param>
/// <param name="Naming">How it learns the names of roles.</param>
/// <param name="Roles">The names that it knows, where it is told nothing.</param>
internal sealed record TurnKeys(IReadOnlyList<string> Lists, RoleNaming Naming, IReadOnlySet<string> Roles);
