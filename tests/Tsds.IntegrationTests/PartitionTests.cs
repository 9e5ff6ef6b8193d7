using System.Diagnostics;

namespace Tsds.IntegrationTests;

/// <summary>A network that falls apart between workers: three of them in network namespaces of their own, joined by a bridge that the client and Redis are on.</summary>
[Collection("cluster")]
public sealed class PartitionTests : IDisposable
{
    private const string Bridge = "10.213.77.1";
    private static readonly string[] Spaces = ["tsds1", "tsds2", "tsds3"];

    private readonly TestCluster _cluster = new();
    private readonly bool _canPartition;

    public PartitionTests()
    {
        _canPartition = OperatingSystem.IsLinux() && TryRun("ip", "link", "add", "tsdsbr", "type", "bridge");
        if (!_canPartition)
        {
            return;
        }

        Run("ip", "addr", "add", $"{Bridge}/24", "dev", "tsdsbr");
        Run("ip", "link", "set", "tsdsbr", "up");
        for (int i = 0; i < Spaces.Length; i++)
        {
            Run("ip", "netns", "add", Spaces[i]);
            Run("ip", "link", "add", $"{Spaces[i]}v", "type", "veth", "peer", "name", "eth0", "netns", Spaces[i]);
            Run("ip", "link", "set", $"{Spaces[i]}v", "master", "tsdsbr", "up");
            Run("ip", "-n", Spaces[i], "addr", "add", $"10.213.77.{i + 11}/24", "dev", "eth0");
            Run("ip", "-n", Spaces[i], "link", "set", "eth0", "up");
            Run("ip", "-n", Spaces[i], "link", "set", "lo", "up");
        }
    }

    public void Dispose()
    {
        _cluster.Dispose();
        if (_canPartition)
        {
            foreach (string space in Spaces)
            {
                TryRun("ip", "netns", "del", space);
            }

            TryRun("ip", "link", "del", "tsdsbr");
        }
    }

    [Fact]
    public async Task Select_OneWorkerCutOffFromTheOthers_IsTheSelectionOfOneMachine()
    {
        Assert.SkipUnless(_canPartition, "Network namespaces need Linux and its CAP_NET_ADMIN.");
        await _cluster.PrepareAsync("--bind", $"127.0.0.1 {Bridge}", "--protected-mode", "no");
        CliProcess[] workers = await Task.WhenAll(Enumerable.Range(0, Spaces.Length).Select(i => _cluster.JoinSpaceAsync(Spaces[i], $"10.213.77.{i + 11}", Bridge)));
        using CliProcess selection = _cluster.StartSelection();
        await workers[2].WaitForErrorLineAsync(": neighbors of");

        // The third worker hears neither the others nor the client nor Redis.
        Run("ip", "link", "set", $"{Spaces[2]}v", "down");
        await _cluster.AssertSameAsync(selection);
    }

    private static void Run(string program, params string[] arguments) =>
        Assert.True(TryRun(program, arguments), $"{program} {string.Join(' ', arguments)} failed.");

    private static bool TryRun(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
