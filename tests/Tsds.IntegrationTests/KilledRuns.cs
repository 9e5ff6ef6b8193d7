using System.Diagnostics;

namespace Tsds.IntegrationTests;

/// <summary>
/// A command that is killed at ten moments, each time run again: what comes out is what an undisturbed run gives.
/// SIGKILL cannot be caught: what is on disk is all there is.
/// </summary>
/// <param name="folder">The folder of the test.</param>
/// <param name="output">The output folder, whose files are compared.</param>
internal sealed class KilledRuns(TestFolder folder, string output)
{
    private const int Moments = 10;

    /// <summary>
    /// Writes three shards of rows of three words, all different: the fit takes no time, so that a run is short.
    /// </summary>
    public static void WritePool(string path)
    {
        string[] words = ["ab", "cd", "ef"];
        File.WriteAllLines(
            path,
            Enumerable
                .Range(0, 9_000)
                .Select(i =>
                    $$"""{"text":"{{string.Join(' ', Enumerable.Range(0, 9).Select(digit => words[i / (int)Math.Pow(3, digit) % 3]))}}"}"""
                )
        );
    }

    /// <summary>Kills and runs again.</summary>
    /// <param name="arguments">The command.</param>
    /// <param name="again">The command after it was killed.</param>
    /// <param name="deleted">Folders beside the output that are deleted before each try.</param>
    public async Task CheckAsync(string[] arguments, string[] again, params string[] deleted)
    {
        long start = Stopwatch.GetTimestamp();
        await SucceedAsync(arguments);
        TimeSpan duration = Stopwatch.GetElapsedTime(start);
        Directory.Move(folder[output], folder["undisturbed"]);
        string[] entries = Entries();
        int killed = 0;
        for (int moment = 0; moment < Moments; moment++)
        {
            Array.ForEach(deleted, name => Directory.Delete(folder[name], recursive: true));
            killed += await KillAsync(duration * ((moment + 0.5) / Moments), arguments) ? 1 : 0;
            await SucceedAsync(again);
            AssertSameFiles(folder["undisturbed"], folder[output]);
            Directory.Delete(folder[output], recursive: true);
            Assert.Equal(entries, Entries());
        }

        Assert.True(killed >= Moments / 2, $"Only {killed} of {Moments} runs were killed before their end.");
    }

    /// <summary>Compares all files but a selection's manifest, which holds times.</summary>
    public static void AssertSameFiles(string expected, string actual)
    {
        string[] names = FilesIn(expected);
        Assert.Equal(names, FilesIn(actual));
        bool isSelection = names.Contains("lineage.jsonl");
        foreach (string name in names.Where(name => !isSelection || name != "manifest.json"))
        {
            Assert.True(
                File.ReadAllBytes(Path.Combine(expected, name))
                    .AsSpan()
                    .SequenceEqual(File.ReadAllBytes(Path.Combine(actual, name))),
                $"{actual}/{name} differs from {expected}/{name}."
            );
        }
    }

    private static string[] FilesIn(string path) =>
        [.. Directory.GetFiles(path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    private string[] Entries() => [.. Directory.GetFileSystemEntries(folder.Root).Order(StringComparer.Ordinal)];

    private async Task<bool> KillAsync(TimeSpan after, string[] arguments)
    {
        using CliProcess process = CliProcess.Start(folder.Root, arguments);
        await Task.Delay(after, TestContext.Current.CancellationToken);
        bool isRunning = !process.HasExited;
        if (isRunning)
        {
            process.Signal("KILL");
        }

        await process.FinishAsync();
        return isRunning;
    }

    private async Task SucceedAsync(string[] arguments)
    {
        CliResult result = await CliProcess.RunAsync(folder.Root, arguments);
        Assert.Equal("", result.ExitCode == 0 ? "" : result.Error);
    }
}
