namespace Tsds.Orleans;

/// <summary>What keeps the list of a cluster's members.</summary>
public enum ClusterKind
{
    /// <summary>Redis.</summary>
    Redis,

    /// <summary>The memory of the first silo, which must not end: for trying out.</summary>
    Primary,

    /// <summary>As many workers on this machine as are asked for, which end with the selection.</summary>
    Local,

    /// <summary>Whatever a JSON file with a section <c>Orleans</c> says: another provider of membership.</summary>
    File,
}
