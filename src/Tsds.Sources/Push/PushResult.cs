namespace Tsds.Sources.Push;

/// <summary>The result of sending files to the hub.</summary>
/// <param name="Url">The page of the commit.</param>
/// <param name="Commit">The commit.</param>
/// <param name="Files">The number of files in it.</param>
/// <param name="SentBytes">The bytes of large files that were sent; those that the hub had are not sent again.</param>
internal sealed record PushResult(string Url, string Commit, int Files, long SentBytes);
