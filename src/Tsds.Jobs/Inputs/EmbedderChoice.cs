using System.Globalization;
using Tsds.Data.Embedding;
using Tsds.Data.Embedding.Choice;
using Tsds.Evaluation.Protocol;

namespace Tsds.Jobs.Inputs;

/// <summary>
/// The choice among the built-in embedders: that by which the targets know each other best, as
/// <see cref="TargetAcquaintance"/> measures it.
/// </summary>
/// <param name="Embedder">The embedder that was chosen.</param>
/// <param name="Candidates">The embedders among which it was chosen.</param>
/// <remarks>
/// Both together are chosen unless one alone is better by more than twice the standard error of the difference. The
/// measure sees at most 4,000 rows of the pool and 400 targets, taken by their numbers alone.
/// </remarks>
internal sealed record EmbedderChoice(string Embedder, IReadOnlyList<EmbedderCandidate> Candidates)
{
    /// <summary>The embedder that is fitted for the choice; both parts are read off its vectors.</summary>
    public const string Both = EmbedderOptions.Default;

    private const int MostRows = 4_000;
    private const int MostTargets = 400;
    private const double SmallestAdvantage = 2;

    /// <summary>Gets the choice and its reason in a few words.</summary>
    public string Note =>
        Candidates.Count == 0
            ? $"{Embedder}, as one target tells nothing of embedders"
            : $"{Embedder}, where a held-out target comes before "
                + string.Join(
                    ", ",
                    Candidates
                        .OrderBy(candidate => candidate.Embedder != Embedder)
                        .Select(candidate =>
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"{1 - candidate.Percentile:P1} of the pool's rows"
                                    + $"{(candidate.Embedder == Embedder ? "" : $" by {candidate.Embedder}")}"
                            )
                        )
                );

    /// <summary>Makes the choice.</summary>
    /// <param name="embedder">The embedder <see cref="Both"/>, fitted to the pool.</param>
    /// <param name="sample">Texts of the pool, at least one.</param>
    /// <param name="targets">The texts of the targets.</param>
    /// <param name="context">The job.</param>
    public static async Task<EmbedderChoice> MakeAsync(
        IEmbedder embedder,
        IReadOnlyList<string> sample,
        IReadOnlyList<string> targets,
        JobContext context
    )
    {
        if (targets.Count < TargetAcquaintance.FewestTargets)
        {
            return new EmbedderChoice(Both, []);
        }

        EmbeddingMatrix rows = await EmbedAsync(sample, MostRows, TextRole.Passage).ConfigureAwait(false);
        EmbeddingMatrix queries = await EmbedAsync(targets, MostTargets, TextRole.Query).ConfigureAwait(false);
        int first = Embedders.DimensionOf(new EmbedderOptions { Name = EmbedderPart.Lexical })!.Value;
        TargetAcquaintance both = Measure(0, rows.Dimension);
        TargetAcquaintance lexical = Measure(0, first);
        TargetAcquaintance fixedTable = Measure(first, rows.Dimension);
        (string Name, TargetAcquaintance Known)[] candidates =
        [
            (Both, both),
            (EmbedderPart.Lexical, lexical),
            (EmbedderPart.Static, fixedTable),
        ];
        string chosen = candidates
            .Where(candidate => candidate.Name == Both || candidate.Known.AdvantageOver(both) > SmallestAdvantage)
            .MinBy(candidate => candidate.Known.Mean)
            .Name;
        return new EmbedderChoice(
            chosen,
            [.. candidates.Select(candidate => new EmbedderCandidate(candidate.Name, candidate.Known.Mean))]
        );

        async Task<EmbeddingMatrix> EmbedAsync(IReadOnlyList<string> texts, int most, TextRole role)
        {
            string[] few = [.. HashSample.OfRange(texts.Count, most, 0).Select(text => texts[(int)text])];
            return await embedder.EmbedAsync(few, role, context.Cancellation).ConfigureAwait(false);
        }

        TargetAcquaintance Measure(int start, int end) =>
            TargetAcquaintance.Measure(
                Columns(queries, start, end),
                Columns(rows, start, end),
                context.Options.ThreadCount,
                context.Cancellation
            );
    }

    private static EmbeddingMatrix Columns(EmbeddingMatrix vectors, int start, int end)
    {
        float[] values = new float[vectors.Count * (end - start)];
        for (int row = 0; row < vectors.Count; row++)
        {
            vectors[row][start..end].CopyTo(values.AsSpan(row * (end - start)));
        }

        return new EmbeddingMatrix(values, end - start);
    }
}
