namespace Tsds.Cli.Output;

/// <summary>The event <c>error</c>: why a command ended without a result.</summary>
/// <param name="Message">What went wrong, in a sentence.</param>
/// <param name="ExitCode">The exit code of the process.</param>
internal sealed record ErrorEvent(string Message, int ExitCode);
