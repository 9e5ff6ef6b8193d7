namespace Tsds.Orleans.Client;

/// <summary>The outcome of a worker's share: what was searched and what remains.</summary>
/// <param name="Worker">The worker.</param>
/// <param name="Done">The sections that were searched.</param>
/// <param name="Refused">Sections that the worker cannot search, with the reason.</param>
/// <param name="IsLost">True if the worker was lost, with all of its share.</param>
internal sealed record ShareOutcome(
    ClusterWorker Worker,
    IReadOnlyList<int> Done,
    IReadOnlyDictionary<int, string> Refused,
    bool IsLost
);
