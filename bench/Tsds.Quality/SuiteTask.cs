namespace Tsds.Quality;

/// <summary>A task of a suite.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Targets">Its targets, embedded.</param>
/// <param name="RightSources">The sources whose rows belong to the task.</param>
internal sealed record SuiteTask(string Name, EmbeddingMatrix Targets, IReadOnlySet<string> RightSources);
