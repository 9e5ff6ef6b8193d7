namespace Tsds.Jobs.Explore;

/// <summary>Represents a part of a row's text as a conversation.</summary>
/// <param name="Role">Who speaks; "text" where it is no conversation.</param>
/// <param name="Text">The words.</param>
internal sealed record ShownTurn(string Role, string Text);
