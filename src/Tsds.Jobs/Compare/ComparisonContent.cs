using System.Security.Cryptography;
using System.Text.Json;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Compare;

/// <summary>
/// All that decides what the methods of a comparison select and score: contents, never paths or times.
/// </summary>
internal sealed record ComparisonContent
{
    /// <summary>Gets a number that changes whenever the same inputs would give other selections or scores.</summary>
    public int Version { get; } = 3;

    /// <summary>Gets the version of the program.</summary>
    public string? Tool { get; } = typeof(DataSelector).Assembly.GetName().Version?.ToString();

    /// <summary>Gets the origin of the embeddings.</summary>
    public required EmbeddingRecord Embedding { get; init; }

    /// <summary>Gets the hashes of the files of embeddings.</summary>
    public required IReadOnlyList<string> Vectors { get; init; }

    /// <summary>Gets the hashes of the files of rows that ought not to be chosen.</summary>
    public required IReadOnlyList<string> Test { get; init; }

    /// <summary>Gets the hash of the rows of the pool, or null if only vectors were given.</summary>
    public required string? Rows { get; init; }

    /// <summary>Gets the hashes of the files of targets.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>Gets the texts of the targets.</summary>
    public required IReadOnlyList<string> TargetTexts { get; init; }

    /// <summary>Gets the group of each target.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>Gets the task of each target; empty if there is one that nobody named.</summary>
    public required IReadOnlyList<int> TargetTasks { get; init; }

    /// <summary>Gets the weight of each target; empty if all weigh the same.</summary>
    public required IReadOnlyList<double> TargetWeights { get; init; }

    /// <summary>Gets the candidates that are left out.</summary>
    public required IReadOnlyList<long> Hidden { get; init; }

    /// <summary>Gets the rows that each method chooses.</summary>
    public required long Budget { get; init; }

    /// <summary>Gets the regularizer of the plans of tsds.</summary>
    public required Regularizer Regularizer { get; init; }

    /// <summary>Gets the candidates over which densities are summed.</summary>
    public required DensityBase DensityBase { get; init; }

    /// <summary>Gets the sampling method of tsds.</summary>
    public required SamplingMethod Sampling { get; init; }

    /// <summary>Gets its alpha.</summary>
    public required double Alpha { get; init; }

    /// <summary>Gets its distance scale, or null.</summary>
    public required double? Scale { get; init; }

    /// <summary>Gets its bandwidth, or null.</summary>
    public required double? Bandwidth { get; init; }

    /// <summary>Gets its effective neighbors, or null.</summary>
    public required double? Neighbors { get; init; }

    /// <summary>Gets the share of the budget that its automatic scale reaches for, or null.</summary>
    public required double? ExpectedDistinct { get; init; }

    /// <summary>Gets a value indicating whether the targets choose its alpha.</summary>
    public required bool Tuned { get; init; }

    /// <summary>Gets its weight of relevance, or null if the targets choose it.</summary>
    public required double? Relevance { get; init; }

    /// <summary>Gets a value indicating whether it compares directions from the pool's mean.</summary>
    public required bool Center { get; init; }

    /// <summary>Gets the policy for rows that are the same.</summary>
    public required CopyPolicy Copies { get; init; }

    /// <summary>Gets the seed.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Gets the number of seeds that each method selects with.</summary>
    public required int Seeds { get; init; }

    /// <summary>Gets a value indicating whether the slow metrics are taken.</summary>
    public required bool Detailed { get; init; }

    /// <summary>Returns the hash by which the comparison is known, in lower-case hexadecimal.</summary>
    public string Hash() =>
        Convert.ToHexStringLower(
            SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this, CompareJson.Default.ComparisonContent))
        );
}
