namespace Tsds.Orleans;

/// <summary>The kind of membership table of a cluster.</summary>
internal enum ClusterKind
{
    /// <summary>A Redis server.</summary>
    Redis,

    /// <summary>The memory of the first silo, which must keep running; for trials.</summary>
    Primary,

    /// <summary>A number of worker processes on this machine, which end with the selection.</summary>
    Local,

    /// <summary>Another membership provider, configured in the section <c>Orleans</c> of a JSON file.</summary>
    File,
}
