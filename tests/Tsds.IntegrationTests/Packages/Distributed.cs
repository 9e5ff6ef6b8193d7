using System.Diagnostics;

namespace Tsds.IntegrationTests.Packages;

/// <summary>The output of <c>eng/publish.sh linux-x64</c>, as people get it who have no .NET.</summary>
internal static class Distributed
{
    private static readonly string Folder = Path.Combine(Repository.Root, "artifacts", "dist");

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

    /// <summary>Runs README's first command with a program and as the sources do: every file must agree.</summary>
    /// <param name="folder">The folder that it runs in.</param>
    /// <param name="program">The program, and what stands between it and the command's arguments.</param>
    /// <param name="variables">Its environment, beside the folder of its cache.</param>
    public static async Task SelectsWhatTheSourcesSelectAsync(
        TestFolder folder,
        IReadOnlyList<string> program,
        params (string Name, string Value)[] variables
    )
    {
        string readme = await File.ReadAllTextAsync(
            Path.Combine(Repository.Root, "README.md"),
            TestContext.Current.CancellationToken
        );
        string command = readme
            .Split('\n')
            .First(line => line.StartsWith("    ./tsds select", StringComparison.Ordinal))
            .Trim();
        string[] args = command.Split(' ')[1..];
        Directory.CreateSymbolicLink(folder["samples"], Path.Combine(Repository.Root, "samples"));
        CliResult result = await RunAsync(
            folder.Root,
            program[0],
            [.. program.Skip(1), .. args],
            [.. variables, ("XDG_CACHE_HOME", folder["cache"])]
        );
        Assert.True(result.ExitCode == 0, result.Error);
        Directory.Move(folder["out"], folder["packed"]);
        await CliProcess.SucceedAsync(folder.Root, args);
        string[] files = [.. Directory.GetFiles(folder["out"]).Select(file => Path.GetFileName(file))];
        Assert.Contains("selected.jsonl", files);
        Assert.All(
            files.Where(file => file != "manifest.json"),
            file => Assert.Equal(folder.Hash("out/" + file), folder.Hash("packed/" + file))
        );
        Assert.Equal(
            folder.Manifest("out")["outputs"]!.ToJsonString(),
            folder.Manifest("packed")["outputs"]!.ToJsonString()
        );
    }
}
