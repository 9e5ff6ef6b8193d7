namespace Tsds.Jobs.Verify;

/// <summary>One thing that was compared.</summary>
/// <param name="Name">What: "inputs", "outputs", "options", "certificate" or "selection".</param>
/// <param name="Agrees">Whether it is as the manifest says.</param>
/// <param name="Text">What was found.</param>
public sealed record VerificationCheck(string Name, bool Agrees, string Text);
