namespace Tsds.Jobs.Verify;

/// <summary>One comparison of a verification, with its outcome.</summary>
/// <param name="Name">What: "inputs", "outputs", "options", "certificate" or "selection".</param>
/// <param name="Agrees">True if it is as the manifest says.</param>
/// <param name="Text">What was found.</param>
internal sealed record VerificationCheck(string Name, bool Agrees, string Text);
