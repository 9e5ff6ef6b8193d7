using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tsds.IntegrationTests.Clusters;

/// <summary>Network namespaces, joined by a bridge that this machine is on.</summary>
internal sealed class NetworkSpaces : IDisposable
{
    /// <summary>The address of this machine on the bridge.</summary>
    public const string Bridge = "10.213.77.1";

    private const string Link = "tsdsbr";

    private NetworkSpaces(int count)
    {
        Names = [.. Enumerable.Range(1, count).Select(i => $"tsds{i}")];
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>Creates namespaces; null if that is not allowed, or nothing passes the bridge.</summary>
    public static NetworkSpaces? TryCreate(int count)
    {
        NetworkSpaces spaces = new(count);

        // What a test that was killed has left behind.
        spaces.Delete();
        if (!OperatingSystem.IsLinux() || !TryRun($"link add {Link} type bridge"))
        {
            return null;
        }

        Run($"addr add {Bridge}/24 dev {Link}");
        Run($"link set {Link} up");
        for (int i = 0; i < count; i++)
        {
            string name = spaces.Names[i];
            Run($"netns add {name}");
            Run($"link add {name}v type veth peer name eth0 netns {name}");
            Run($"link set {name}v master {Link} up");
            Run($"-n {name} addr add {AddressOf(i)}/24 dev eth0");
            Run($"-n {name} link set eth0 up");
            Run($"-n {name} link set lo up");
        }

        if (spaces.Names.All(CanReachBridge))
        {
            return spaces;
        }

        spaces.Dispose();
        return null;
    }

    public static string AddressOf(int index) => $"10.213.77.{index + 11}";

    /// <summary>Disconnects a namespace from the network.</summary>
    public void CutOff(int index) => Run($"link set {Names[index]}v down");

    public void Dispose() => Delete();

    private static bool CanReachBridge(string name)
    {
        using TcpListener listener = new(IPAddress.Parse(Bridge), 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        return TryRun(["netns", "exec", name, "timeout", "10", "bash", "-c", $"exec 3<>/dev/tcp/{Bridge}/{port}"]);
    }

    private void Delete()
    {
        foreach (string name in Names)
        {
            TryRun($"link del {name}v");
            TryRun($"netns del {name}");
        }

        TryRun($"link del {Link}");
    }

    private static void Run(string arguments) => Assert.True(TryRun(arguments), $"ip {arguments} failed.");

    private static bool TryRun(string arguments) => TryRun(arguments.Split(' '));

    private static bool TryRun(string[] arguments)
    {
        try
        {
            using Process process = Process.Start(
                new ProcessStartInfo("ip", arguments) { RedirectStandardError = true }
            )!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
