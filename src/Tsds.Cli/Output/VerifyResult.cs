using Tsds.Jobs.Verify;

namespace Tsds.Cli.Output;

/// <summary>The result of <c>tsds verify</c>.</summary>
/// <param name="Agrees">True if all checks agree.</param>
/// <param name="Checks">What was compared.</param>
internal sealed record VerifyResult(bool Agrees, IReadOnlyList<VerificationCheck> Checks);
