namespace Tsds.IntegrationTests;

/// <summary>The command that selects from the files that a <see cref="TestFolder"/> writes.</summary>
internal static class SelectCommand
{
    /// <summary>Selects from the rows of <c>pool.jsonl</c> for those of <c>targets.jsonl</c>.</summary>
    /// <param name="output">The folder of the selection.</param>
    /// <param name="more">The budget, and other options.</param>
    public static string[] Rows(string output, params string[] more) =>
        ["select", "--pool", "pool.jsonl", "--target", "targets.jsonl", "--out", output, .. more];

    /// <summary>Selects from the vectors of <c>pool.npy</c> for those of <c>targets.npy</c>.</summary>
    /// <param name="output">The folder of the selection.</param>
    /// <param name="more">The budget, and other options.</param>
    public static string[] Vectors(string output, params string[] more) =>
        ["select", "--pool-vectors", "pool.npy", "--target-vectors", "targets.npy", "--out", output, .. more];
}
