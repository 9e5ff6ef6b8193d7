[assembly: AssemblyFixture(typeof(Tsds.IntegrationTests.Clusters.PreparedStores))]

namespace Tsds.IntegrationTests.Clusters;

/// <summary>
/// Stores that all tests of clusters read: embedded, and selected from on one machine, once, when the first test asks.
/// </summary>
public sealed class PreparedStores : IAsyncDisposable
{
    private readonly Lazy<Task<PreparedStore>> _large = new(PreparedStore.WriteLargeAsync);
    private readonly Lazy<Task<PreparedStore>> _small = new(PreparedStore.WriteSmallAsync);

    /// <summary>A store that is searched for long enough to break something meanwhile.</summary>
    internal Task<PreparedStore> Large => _large.Value;

    /// <summary>A store of three shards.</summary>
    internal Task<PreparedStore> Small => _small.Value;

    public async ValueTask DisposeAsync()
    {
        foreach (Lazy<Task<PreparedStore>> store in new[] { _large, _small }.Where(store => store.IsValueCreated))
        {
            (await store.Value).Dispose();
        }
    }
}
