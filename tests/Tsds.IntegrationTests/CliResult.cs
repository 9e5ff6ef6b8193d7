namespace Tsds.IntegrationTests;

/// <summary>What a finished process left.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error);
