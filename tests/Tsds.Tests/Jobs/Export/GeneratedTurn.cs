namespace Tsds.Tests.Jobs.Export;

/// <summary>A turn as it was meant, before it was written in the form of a data set.</summary>
/// <param name="Role">One of system, user, assistant and tool.</param>
/// <param name="Text">What is said; null beside calls alone.</param>
/// <param name="Call">The name and the arguments of a call, or null.</param>
/// <param name="IsMasked">Whether the turn must not be trained on.</param>
internal sealed record GeneratedTurn(
    string Role,
    string? Text,
    (string Name, string Arguments)? Call = null,
    bool IsMasked = false
);
