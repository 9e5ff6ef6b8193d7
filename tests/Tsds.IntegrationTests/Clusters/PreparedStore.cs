using System.Globalization;

namespace Tsds.IntegrationTests.Clusters;

/// <summary>A vector store <c>store</c>, and <c>local</c>, what one machine selects from it.</summary>
/// <param name="budget">The budget of the selection.</param>
internal sealed class PreparedStore(string budget) : IDisposable
{
    public TestFolder Folder { get; } = new();

    /// <summary>
    /// Gets the options of the selection, without those that say where the pool is and where the result goes.
    /// </summary>
    public IReadOnlyList<string> Selection { get; private set; } = [];

    /// <summary>
    /// Embeds rows enough for four sections, so that each of three workers has one at least, and as many targets as
    /// keep a worker busy for long enough to be killed meanwhile.
    /// </summary>
    public static async Task<PreparedStore> WriteLargeAsync()
    {
        PreparedStore store = new("1%");
        store.Folder.WritePool("pool.jsonl", 130_000);
        store.Folder.WriteTargets("targets.jsonl", 400);
        await store.WriteAsync("pool.jsonl", "targets.jsonl");
        return store;
    }

    /// <summary>Embeds three shards of short rows.</summary>
    public static async Task<PreparedStore> WriteSmallAsync()
    {
        PreparedStore store = new("40");
        KilledRuns.WritePool(store.Folder["pool.jsonl"]);
        File.WriteAllLines(
            store.Folder["targets.jsonl"],
            File.ReadLines(store.Folder["pool.jsonl"]).Where((_, row) => row % 90 == 17)
        );
        await store.WriteAsync("pool.jsonl", "targets.jsonl");
        return store;
    }

    /// <summary>Copies a part of the store, with its manifest and fit.</summary>
    /// <returns>The copy, <c>store</c> in the folder.</returns>
    public string CopyTo(string folder, Func<int, bool> holds)
    {
        string copy = Path.Combine(folder, "store");
        Directory.CreateDirectory(copy);
        foreach (string file in Directory.GetFiles(Folder["store"]))
        {
            string name = Path.GetFileName(file);
            if (
                !name.EndsWith(".npy", StringComparison.Ordinal)
                || holds(int.Parse(name[..6], CultureInfo.InvariantCulture))
            )
            {
                File.Copy(file, Path.Combine(copy, name));
            }
        }

        return copy;
    }

    public void Dispose() => Folder.Dispose();

    private async Task WriteAsync(string pool, string targets)
    {
        Selection = ["--target", targets, "--budget", budget];
        await CliProcess.SucceedAsync(Folder.Root, "embed", "--pool", pool, "--out", "store");
        await CliProcess.SucceedAsync(
            Folder.Root,
            ["select", "--pool-vectors", "store", .. Selection, "--out", "local"]
        );
    }
}
