namespace Tsds.Tests.Jobs.Export;

/// <summary>A row with what it was meant to say.</summary>
/// <param name="Json">The row.</param>
/// <param name="Turns">What it says.</param>
/// <param name="Tools">The names of its tools.</param>
/// <param name="Media">Its media.</param>
internal sealed record GeneratedRow(
    string Json,
    IReadOnlyList<GeneratedTurn> Turns,
    IReadOnlyList<string> Tools,
    IReadOnlyList<string> Media
);
