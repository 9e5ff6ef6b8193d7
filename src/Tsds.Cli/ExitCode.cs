namespace Tsds.Cli;

/// <summary>The exit codes of every command.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Failed, or used wrongly: one sentence on standard error says which.</summary>
    public const int Failed = 1;

    /// <summary>Not an error: <c>tsds merge</c> goes on when shards have answered.</summary>
    public const int PartsNeeded = 2;

    /// <summary>Cancelled by SIGINT or SIGTERM; the value that shells use for Ctrl-C.</summary>
    public const int Cancelled = 130;
}
