using System.Globalization;

namespace Tsds.IntegrationTests;

/// <summary>The limit of <c>--memory</c>, as the operating system measures it.</summary>
public sealed class MemoryTests : IDisposable
{
    private const int Rows = 60_000;
    private const int Dimension = 96;
    private const long Limit = 200_000_000;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Half the pool is near the targets and a tenth of it is wanted: without care, tables and points would take far
    /// more.
    /// </summary>
    [Fact]
    public async Task Select_WithMemory_StaysBelowItAndSelectsTheSame()
    {
        if (!OperatingSystem.IsLinux())
        {
            // Only Linux tells pages of mapped files from memory of the process.
            return;
        }

        WriteVectors("pool.npy", Rows);
        WriteVectors("targets.npy", 300);
        long used = await SelectAsync("limited", "--memory", "200MB");
        await SelectAsync("free");

        Assert.InRange(used, 1, Limit);
        Assert.Equal(
            await File.ReadAllBytesAsync(_folder["free/selected.npy"], TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(_folder["limited/selected.npy"], TestContext.Current.CancellationToken)
        );
    }

    [Theory]
    [InlineData("10MB", "expected at least 160 MB")]
    [InlineData("170MB", "Expected the job to fit into 170 MB of memory, found that it needs about 266 MB; allow more")]
    [InlineData("280MB", "Expected the job to fit into 280 MB of memory, found that it needs about 293 MB; allow more")]
    public async Task Select_TooLittleMemory_IsRefusedWithTheNumbers(string memory, string expected)
    {
        WriteVectors("pool.npy", Rows);
        WriteVectors("targets.npy", 300);
        CliResult result = await CliProcess.RunAsync(
            _folder.Root,
            Selecting("100%", "out", "--sampling", "top", "--memory", memory)
        );
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    /// <summary>
    /// Targets that all lie on one row ask for the same rows, so that each needs as many neighbors as the budget has
    /// rows: nobody knows before the search.
    /// </summary>
    [Fact]
    public async Task Select_TargetsThatOverlapMoreThanEstimated_IsRefusedWithTheNumbers()
    {
        WriteVectors("pool.npy", Rows);
        WriteVectors("targets.npy", 300, isOneRow: true);
        CliResult result = await CliProcess.RunAsync(_folder.Root, Selecting("10%", "out", "--memory", "170MB"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("300 targets need ", result.Error, StringComparison.Ordinal);
        Assert.Contains("allow more memory", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    private static string[] Selecting(string budget, string output, params string[] more) =>
        SelectCommand.Vectors(output, ["--budget", budget, .. more]);

    /// <summary>Runs the command and watches it.</summary>
    /// <returns>The most memory that was not pages of files, in bytes.</returns>
    private async Task<long> SelectAsync(string output, params string[] more)
    {
        using CliProcess process = CliProcess.Start(_folder.Root, Selecting("10%", output, more));
        long peak = 0;
        while (!process.HasExited)
        {
            peak = Math.Max(peak, OwnMemory(process.Id));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        CliResult result = await process.FinishAsync();
        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
        return peak;
    }

    private static long OwnMemory(int processId)
    {
        try
        {
            return File.ReadLines($"/proc/{processId}/status")
                .Where(line =>
                    line.StartsWith("RssAnon:", StringComparison.Ordinal)
                    || line.StartsWith("RssShmem:", StringComparison.Ordinal)
                )
                .Sum(line =>
                    long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture)
                    * 1024
                );
        }
        catch (IOException)
        {
            // The process has ended.
            return 0;
        }
    }

    private void WriteVectors(string name, int rows, bool isOneRow = false)
    {
        uint state = (uint)rows;
        float[] row = new float[Dimension];
        using NpyWriter writer = new(_folder[name], Dimension);
        for (int i = 0; i < rows; i++)
        {
            for (int p = 0; p < Dimension && (i == 0 || !isOneRow); p++)
            {
                state = unchecked((state * 1664525) + 1013904223);
                row[p] = (state >> 8) / (float)(1 << 24) - (i % 2 == 0 ? 0.2f : 0.5f);
            }

            writer.Append(row);
        }

        writer.Complete();
    }
}
