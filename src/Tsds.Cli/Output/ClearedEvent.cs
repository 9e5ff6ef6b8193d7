namespace Tsds.Cli.Output;

/// <summary>The event <c>cleared</c>: the cache was emptied.</summary>
/// <param name="Folder">The folder of the cache.</param>
/// <param name="Bytes">The bytes freed.</param>
internal sealed record ClearedEvent(string Folder, long Bytes);
