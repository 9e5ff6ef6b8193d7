namespace Tsds.IntegrationTests.Explorer;

/// <summary>
/// A small selection that is open for the tests of one class, and another one to compare it with. What a page changes
/// stays on the page.
/// </summary>
public sealed class SmallExplorer : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private PageProcess? _process;

    /// <summary>Gets the address of the page.</summary>
    public Uri Address => _process!.Address;

    /// <summary>Gets the number of rows that both selections have.</summary>
    public int InBoth => Rows("out").Intersect(Rows("other")).Count();

    /// <summary>Returns the number of targets of a selection.</summary>
    public int TargetsOf(string selection) => _folder.Lines($"{selection}/targets.jsonl").Length;

    public async ValueTask InitializeAsync()
    {
        _folder.WritePool("pool.jsonl", 400);
        _folder.WriteTargets("targets.jsonl", 8);
        await SelectAsync("out", "tsds");
        await SelectAsync("other", "random");
        _process = await PageProcess.StartAsync(_folder.Root, "out", "other");
    }

    public ValueTask DisposeAsync()
    {
        _process?.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task SelectAsync(string folder, string method) =>
        CliProcess.SucceedAsync(
            _folder.Root,
            [
                "select",
                "--pool",
                "pool.jsonl",
                "--target",
                "targets.jsonl",
                "--budget",
                "10%",
                "--method",
                method,
                "--out",
                folder,
                "--no-cache",
            ]
        );

    private HashSet<long> Rows(string selection) =>
        [
            .. _folder
                .Lines($"{selection}/lineage.jsonl")
                .Where(line => line["count"]!.GetValue<int>() > 0)
                .Select(line => line["row"]!.GetValue<long>()),
        ];
}
