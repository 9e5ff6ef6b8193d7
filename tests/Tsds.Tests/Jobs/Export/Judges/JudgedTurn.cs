namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>A turn as it reaches the model.</summary>
/// <param name="Role">The role that the chat template sees.</param>
/// <param name="Text">What is said, calls of tools included as "name arguments".</param>
/// <param name="IsTrained">Whether the loss is taken over it.</param>
internal sealed record JudgedTurn(string Role, string Text, bool IsTrained);
