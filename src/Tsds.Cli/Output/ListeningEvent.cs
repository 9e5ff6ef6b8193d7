namespace Tsds.Cli.Output;

/// <summary>The event that the explorer's page can be opened.</summary>
/// <param name="Address">Its address, with the token where one is needed.</param>
internal sealed record ListeningEvent(string Address);
