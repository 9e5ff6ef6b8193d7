[assembly: AssemblyFixture(typeof(Tsds.IntegrationTests.PreparedSelection))]

namespace Tsds.IntegrationTests;

/// <summary>
/// A selection of 15 of 300 rows for 6 targets, made once by the command line for all tests that look at one.
/// </summary>
public sealed class PreparedSelection : IAsyncDisposable
{
    private readonly Lazy<Task<TestFolder>> _selected = new(SelectAsync);

    /// <summary>
    /// Copies <c>pool.jsonl</c>, <c>targets.jsonl</c> and the selection <c>out</c> into the folder of a test, which may
    /// change them.
    /// </summary>
    internal async Task CopyToAsync(TestFolder folder)
    {
        TestFolder selected = await _selected.Value;
        Directory.CreateDirectory(folder["out"]);
        foreach (string file in Directory.GetFiles(selected.Root, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, folder[Path.GetRelativePath(selected.Root, file)], overwrite: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_selected.IsValueCreated)
        {
            (await _selected.Value).Dispose();
        }
    }

    private static async Task<TestFolder> SelectAsync()
    {
        TestFolder folder = new();
        folder.WritePool("pool.jsonl", 300);
        folder.WriteTargets("targets.jsonl", 6);
        await CliProcess.SucceedAsync(folder.Root, SelectCommand.Rows("out", "--budget", "15"));
        return folder;
    }
}
