using System.Text.Json.Serialization;

namespace Tsds.Quality;

/// <summary>What one method's selections for one task and budget are worth, averaged over its seeds.</summary>
internal sealed record Outcome
{
    public required string Task { get; init; }

    public required string Method { get; init; }

    /// <summary>Gets the seeds that gave different selections.</summary>
    public required int Seeds { get; init; }

    /// <summary>Gets the rows selected; fewer than the budget for a ceiling whose source is small.</summary>
    public required int Rows { get; init; }

    /// <summary>
    /// Gets the wall time of one selection, in seconds. Neighbors and densities that an earlier method asked for are
    /// known already.
    /// </summary>
    public required double Seconds { get; init; }

    /// <summary>Gets the share of rows whose source is right.</summary>
    public required double RightSource { get; init; }

    /// <summary>Gets the share of rows whose source is right or related.</summary>
    public required double Related { get; init; }

    /// <summary>Gets the total variation between the sources' shares of the right rows and of the queries.</summary>
    public required double MixtureDistance { get; init; }

    /// <summary>
    /// Gets the words on which the language model was trained: as many for all methods of a task and budget; fewer
    /// where a method that does not set them has fewer.
    /// </summary>
    public required long Words { get; init; }

    /// <summary>Gets what each held-out row costs under it, in nats.</summary>
    public required double[] Nats { get; init; }

    /// <summary>Gets the words of each held-out row, its end counted.</summary>
    public required int[] HeldOutWords { get; init; }

    /// <summary>Gets the KL reduction of hashed n-grams towards the held-out rows, in nats.</summary>
    public required double KlReduction { get; init; }

    /// <summary>Gets the macro-averaged F1 of the classifier; NaN where the task has no labels.</summary>
    public required double F1 { get; init; }

    /// <summary>Gets the rows, of the first seed, that are copies of a row selected too.</summary>
    public required int Copies { get; init; }

    /// <summary>Gets the rows that were selected, by seed.</summary>
    public required IReadOnlyList<long[]> Selections { get; init; }

    /// <summary>Gets the rows of the first seed, copies replaced by what they are copies of.</summary>
    public required IReadOnlyCollection<int> Originals { get; init; }

    /// <summary>Gets the cross-entropy of the held-out rows, in nats a word.</summary>
    [JsonIgnore]
    public double CrossEntropy => Nats.Sum() / HeldOutWords.Sum();
}
