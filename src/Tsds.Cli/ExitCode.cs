namespace Tsds.Cli;

/// <summary>The exit codes of every command.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>Failed, or used wrongly; standard error has one sentence with the reason.</summary>
    public const int Failed = 1;

    /// <summary>Not an error: <c>tsds merge</c> needs parts from batch jobs before it can continue.</summary>
    public const int PartsNeeded = 2;

    /// <summary>Cancelled by SIGINT or SIGTERM; the value that shells use for Ctrl-C.</summary>
    public const int Cancelled = 130;
}
