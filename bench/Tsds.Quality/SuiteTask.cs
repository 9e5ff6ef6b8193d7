namespace Tsds.Quality;

/// <summary>A task of a suite.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Queries">The rows that guide the selection.</param>
/// <param name="Targets">Their embeddings.</param>
/// <param name="HeldOut">The rows that judge it.</param>
/// <param name="Train">Labelled rows for a classifier; empty where there are none.</param>
/// <param name="Relevance">2 for sources whose rows belong to the task, 1 for related ones; others are not
/// relevant.</param>
internal sealed record SuiteTask(
    string Name,
    IReadOnlyList<LabelledText> Queries,
    EmbeddingMatrix Targets,
    IReadOnlyList<LabelledText> HeldOut,
    IReadOnlyList<LabelledText> Train,
    IReadOnlyDictionary<string, double> Relevance
)
{
    public bool IsRight(string source) => Relevance.GetValueOrDefault(source) >= 2;

    public bool IsRelated(string source) => Relevance.GetValueOrDefault(source) >= 1;
}
