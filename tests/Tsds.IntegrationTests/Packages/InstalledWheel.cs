namespace Tsds.IntegrationTests.Packages;

/// <summary>
/// The wheel for Linux, installed once by pip into a virtual environment, without an index. The environment sees
/// Debian's numpy; everything else comes from the folder of wheels.
/// </summary>
public sealed class InstalledWheel : IAsyncLifetime
{
    private const string Python = "/usr/bin/python3";
    private readonly TestFolder _folder = new();

    private string Environment => _folder["environment"];

    /// <summary>Returns the path of a program in the environment.</summary>
    public string Program(string name) => Path.Combine(Environment, "bin", name);

    public async ValueTask InitializeAsync()
    {
        await SucceedAsync(Python, "-m", "venv", "--system-site-packages", Environment);
        await SucceedAsync(
            Program("python"),
            ["-m", "pip", "install", "--quiet", "--no-index", "--find-links", Distributed.Root, "tsds"]
        );
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task SucceedAsync(string program, params string[] args)
    {
        CliResult result = await Distributed.RunAsync(_folder.Root, program, args);
        Assert.True(result.ExitCode == 0, result.Error + result.Out);
    }
}
