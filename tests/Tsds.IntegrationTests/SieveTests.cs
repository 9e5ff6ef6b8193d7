namespace Tsds.IntegrationTests;

/// <summary>A selection behind a sieve, whatever ends its process.</summary>
public sealed class SieveTests : IDisposable
{
    private const int Moments = 6;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A sieve keeps nothing but vectors: run again it learns and scores anew, to the same bytes.</summary>
    [Fact]
    public async Task Select_WithASieveKilled_GivesTheBytesOfAnUndisturbedRun()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such signal.");
        _folder.WritePool("pool.jsonl", 12_000);
        _folder.WriteTargets("targets.jsonl", 12);
        string[] select = SelectCommand.Rows(
            "out",
            "--budget",
            "60",
            "--embedder",
            "lexical",
            "--sieve",
            "20%",
            "--cache",
            "cache"
        );
        await new KilledRuns(_folder, "out", Moments).CheckAsync(select, [.. select, "--force"], "cache");
    }
}
