namespace Tsds.Jobs.Compare;

/// <summary>A method that took no part.</summary>
/// <param name="Method">Its name.</param>
/// <param name="Reason">What it would have needed, in a sentence.</param>
public sealed record LeftOutMethod(string Method, string Reason);
