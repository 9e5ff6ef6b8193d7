using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Client;

/// <summary>
/// One call of the pool: the request without its sections, the blobs it needs, and the handler of its answers.
/// </summary>
/// <param name="Request">The request; each share gets an id and sections of its own.</param>
/// <param name="Blobs">The blobs that the request refers to.</param>
/// <param name="PointCount">Rows of an answer.</param>
/// <param name="Limits">What workers learn from each other; null for densities.</param>
/// <param name="Take">Receives the complete answers, one at a time.</param>
internal sealed record ClusterCall(
    SearchRequest Request,
    IReadOnlyList<Blob> Blobs,
    int PointCount,
    SharedLimits? Limits,
    Action<IReadOnlyList<AnswerChunk>> Take
);
