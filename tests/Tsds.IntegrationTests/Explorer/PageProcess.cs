using System.Globalization;

namespace Tsds.IntegrationTests.Explorer;

/// <summary>A running <c>tsds explore</c>, on a port of its own.</summary>
internal sealed class PageProcess : IDisposable
{
    private readonly CliProcess _process;

    private PageProcess(CliProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    /// <summary>Gets the address of the page.</summary>
    public Uri Address { get; }

    /// <summary>Gets the bytes that the server holds now beside mapped files.</summary>
    public long HeldBytes =>
        1024
        * long.Parse(
            File.ReadLines($"/proc/{_process.Id}/status")
                .Single(line => line.StartsWith("RssAnon:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2],
            CultureInfo.InvariantCulture
        );

    /// <summary>Starts the explorer on a selection and waits until it listens.</summary>
    public static async Task<PageProcess> StartAsync(string workingFolder, params string[] args)
    {
        int port = FreePort.Find();
        CliProcess process = CliProcess.Start(
            workingFolder,
            ["explore", .. args, "--port", port.ToString(CultureInfo.InvariantCulture), "--no-browser"]
        );
        try
        {
            await process.WaitForErrorLineAsync("Open this address in a browser");
            return new PageProcess(process, new Uri($"http://127.0.0.1:{port}/"));
        }
        catch
        {
            process.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.End();
        _process.Dispose();
    }
}
