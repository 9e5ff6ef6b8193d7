namespace Tsds.IntegrationTests;

/// <summary>
/// A command that is killed at some moments, each time run again: what comes out is what an undisturbed run gives.
/// SIGKILL cannot be caught: what is on disk is all there is, so that a moment is a file that appears, is renamed or
/// goes.
/// </summary>
/// <param name="folder">The folder of the test.</param>
/// <param name="output">The output folder, whose files are compared.</param>
/// <param name="moments">The number of moments.</param>
internal sealed class KilledRuns(TestFolder folder, string output, int moments = 10)
{
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
        int changes = await CountChangesAsync(arguments);
        Directory.Move(folder[output], folder["undisturbed"]);
        string[] entries = Entries();
        int killed = 0;
        for (int moment = 0; moment < moments; moment++)
        {
            Array.ForEach(deleted, name => Directory.Delete(folder[name], recursive: true));
            killed += await KillAsync(1 + (moment * changes / moments), arguments) ? 1 : 0;
            await CliProcess.SucceedAsync(folder.Root, again);
            AssertSameFiles(folder["undisturbed"], folder[output]);
            Directory.Delete(folder[output], recursive: true);
            Assert.Equal(entries, Entries());
        }

        Assert.True(killed >= moments / 2, $"Only {killed} of {moments} runs were killed before their end.");
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

    /// <summary>Runs undisturbed.</summary>
    /// <returns>How often a file or folder appeared, was renamed or went.</returns>
    private async Task<int> CountChangesAsync(string[] arguments)
    {
        int changes = 0;
        using (Watch(() => Interlocked.Increment(ref changes)))
        {
            await CliProcess.SucceedAsync(folder.Root, arguments);
        }

        return changes;
    }

    /// <summary>Kills as soon as files have changed so often.</summary>
    /// <returns>Whether that came before the end.</returns>
    private async Task<bool> KillAsync(int changes, string[] arguments)
    {
        int seen = 0;
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using FileSystemWatcher watcher = Watch(() =>
        {
            if (Interlocked.Increment(ref seen) == changes)
            {
                reached.SetResult();
            }
        });
        using CliProcess process = CliProcess.Start(folder.Root, arguments);
        Task<CliResult> finished = process.FinishAsync();
        await Task.WhenAny(reached.Task, finished);
        process.Kill();
        return (await finished).ExitCode != 0;
    }

    private FileSystemWatcher Watch(Action notice)
    {
        FileSystemWatcher watcher = new(folder.Root)
        {
            IncludeSubdirectories = true,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName,
        };
        watcher.Created += (_, _) => notice();
        watcher.Renamed += (_, _) => notice();
        watcher.Deleted += (_, _) => notice();
        watcher.EnableRaisingEvents = true;
        return watcher;
    }
}
