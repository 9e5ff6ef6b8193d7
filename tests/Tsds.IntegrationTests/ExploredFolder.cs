using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>Writes a small selection for tests of the explorer's server; its last row is a hostile one.</summary>
internal static class ExploredFolder
{
    public const int Rows = 240;
    public const int Targets = 6;

    /// <summary>Writes pool and targets, and selects 20 rows.</summary>
    public static async ValueTask SelectAsync(TestFolder folder)
    {
        folder.WritePool("pool.jsonl", Rows - 1);
        File.AppendAllText(folder["pool.jsonl"], HostileRow() + "\n");
        folder.WriteTargets("targets.jsonl", Targets);
        await CliProcess.SucceedAsync(
            folder.Root,
            "select",
            "--pool",
            "pool.jsonl",
            "--target",
            "targets.jsonl",
            "--budget",
            "20",
            "--out",
            "out"
        );
    }

    /// <summary>A row of a million characters that would run where somebody took it for a page.</summary>
    private static string HostileRow() =>
        new JsonObject
        {
            ["id"] = "\"><img src=x onerror=alert(1)>",
            ["instruction"] = "<script>alert(1)</script>",
            ["output"] = string.Concat(Enumerable.Repeat("simmer onion </script> ", 45_000)),
            ["source"] = "cooking",
        }.ToJsonString();
}
