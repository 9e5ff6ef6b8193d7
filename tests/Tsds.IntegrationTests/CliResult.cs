namespace Tsds.IntegrationTests;

/// <summary>The exit code and output of a finished process.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error);
