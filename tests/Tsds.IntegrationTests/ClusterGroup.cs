namespace Tsds.IntegrationTests;

/// <summary>Clusters one after the other: each is several processes that watch each other's clocks.</summary>
[CollectionDefinition("cluster", DisableParallelization = true)]
public sealed class ClusterGroup;
