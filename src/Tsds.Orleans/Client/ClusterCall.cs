using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Client;

/// <summary>
/// One call of the pool: the order without its sections, what goes with it, and what becomes of the answers.
/// </summary>
/// <param name="Order">The order; each share gets a name and sections of its own.</param>
/// <param name="Blobs">What the order refers to.</param>
/// <param name="PointCount">Rows of an answer.</param>
/// <param name="Limits">What workers learn from each other; null for densities.</param>
/// <param name="Take">Takes a whole answer, one at a time.</param>
internal sealed record ClusterCall(
    SearchRequest Order,
    IReadOnlyList<Blob> Blobs,
    int PointCount,
    SharedLimits? Limits,
    Action<IReadOnlyList<AnswerChunk>> Take
);
