using System.Diagnostics;

namespace Tsds.IntegrationTests.Packages;

/// <summary>The output of <c>eng/publish.sh linux-x64</c>, as people get it who have no .NET.</summary>
internal static class Distributed
{
    private static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "dist");
    private static readonly string Samples = Path.Combine(Repository.Root, "samples");

    // What the built command line selects, once for the archive, the wheel, the tool and the image.
    private static readonly Lazy<Task<SortedDictionary<string, string>>> FromSources = new(SelectFromSourcesAsync);

    /// <summary>Gets the folder.</summary>
    public static string Root =>
        Directory.Exists(Folder)
            ? Folder
            : throw new InvalidOperationException(
                $"Expected {Folder}: run eng/publish.sh linux-x64 first, as ./test does."
            );

    /// <summary>Returns the only file with a pattern.</summary>
    public static string Find(string pattern) => Assert.Single(Directory.GetFiles(Root, pattern));

    /// <summary>Runs a program in an environment that has only what is given: no home, no path, no .NET.</summary>
    public static async Task<CliResult> RunAsync(
        string workingFolder,
        string program,
        IReadOnlyList<string> args,
        params (string Name, string Value)[] variables
    )
    {
        ProcessStartInfo start = new(program, args)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CliResult(process.ExitCode, await output, await error);
    }

    /// <summary>Runs README's first command with a program: every file must be that of the sources.</summary>
    /// <param name="folder">The folder that it runs in.</param>
    /// <param name="program">The program, and what stands between it and the command's arguments.</param>
    /// <param name="variables">Its environment, beside the folder of its cache.</param>
    public static async Task SelectsWhatTheSourcesSelectAsync(
        TestFolder folder,
        IReadOnlyList<string> program,
        params (string Name, string Value)[] variables
    )
    {
        Directory.CreateSymbolicLink(folder["samples"], Samples);
        CliResult result = await RunAsync(
            folder.Root,
            program[0],
            [.. program.Skip(1), .. FirstCommand()],
            [.. variables, ("XDG_CACHE_HOME", folder["cache"])]
        );
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Equal(await FromSources.Value, Hashes(folder));
    }

    private static async Task<SortedDictionary<string, string>> SelectFromSourcesAsync()
    {
        using TestFolder folder = new();
        Directory.CreateSymbolicLink(folder["samples"], Samples);
        CliResult result = await CliProcess.RunBuiltAsync(folder.Root, FirstCommand());
        Assert.True(result.ExitCode == 0, result.Error);
        return Hashes(folder);
    }

    // The manifest names the machine and the time; what it says of the other files has to agree.
    private static SortedDictionary<string, string> Hashes(TestFolder folder)
    {
        SortedDictionary<string, string> hashes = new(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(folder["out"]).Select(file => Path.GetFileName(file)))
        {
            hashes[file] =
                file == "manifest.json"
                    ? folder.Manifest("out")["outputs"]!.ToJsonString()
                    : folder.Hash("out/" + file);
        }

        Assert.Contains("selected.jsonl", hashes.Keys);
        return hashes;
    }

    private static string[] FirstCommand() =>
        File.ReadLines(Path.Combine(Repository.Root, "README.md"))
            .First(line => line.StartsWith("    ./tsds select", StringComparison.Ordinal))
            .Trim()
            .Split(' ')[1..];
}
