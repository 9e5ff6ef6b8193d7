using Tsds.Jobs.Verify;

namespace Tsds.Explorer.Wire;

/// <summary>Represents what came out of verifying a selection that was saved.</summary>
/// <param name="Agrees">Whether all of it is as its manifest says.</param>
/// <param name="Checks">What was compared.</param>
internal sealed record VerifiedRecord(bool Agrees, IReadOnlyList<VerificationCheck> Checks);
