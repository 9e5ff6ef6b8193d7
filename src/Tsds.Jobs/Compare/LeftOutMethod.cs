namespace Tsds.Jobs.Compare;

/// <summary>A method that was left out of a comparison, with the reason.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Reason">What it would have needed, in a sentence.</param>
public sealed record LeftOutMethod(string Method, string Reason);
