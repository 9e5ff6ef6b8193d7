namespace Tsds.Orleans.Client;

/// <summary>What became of a worker's share.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="Done">The sections that were searched.</param>
/// <param name="Refused">Sections that the worker cannot search, with the reason.</param>
/// <param name="IsLost">Whether the worker was lost, with all of its share.</param>
internal sealed record ShareOutcome(
    ClusterWorker Worker,
    IReadOnlyList<int> Done,
    IReadOnlyDictionary<int, string> Refused,
    bool IsLost
);
