using System.Globalization;
using CsCheck;
using Tsds.Evaluation.Methods;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Evaluation.Methods;

/// <summary>Small inputs for methods, and what naive definitions of them have in common.</summary>
internal static class BaselineInputs
{
    /// <summary>
    /// Gets pools of up to 24 candidates with up to 5 targets, some candidates hidden, and a budget that they have rows
    /// for.
    /// </summary>
    public static Gen<MethodInputs> All { get; } =
        Gen.Select(Gen.Int[0, 10_000], Gen.Int[6, 24], Gen.Int[1, 5], Gen.Int[2, 9], Gen.Int[0, 3], Gen.Double[0.05, 1])
            .Select(
                (seed, count, targets, dimension, hidden, share) =>
                {
                    VectorKind kind =
                        seed % 3 == 0 ? VectorKind.Copies
                        : seed % 3 == 1 ? VectorKind.Clustered
                        : VectorKind.Spread;
                    long[] hiddenIds =
                    [
                        .. Enumerable.Range(0, hidden).Select(i => (long)((seed + (i * 3)) % count)).Distinct().Order(),
                    ];
                    return Create(
                        Vectors.Create(seed, count, dimension, kind).Normalize(Normalization.L2),
                        Vectors.Create(seed + 1, targets, dimension, VectorKind.Spread).Normalize(Normalization.L2),
                        Math.Max(1, (long)(share * (count - hiddenIds.Length)))
                    ) with
                    {
                        HiddenIds = hiddenIds,
                        Seed = (ulong)seed,
                        ThreadCount = 1 + (seed % 2),
                    };
                }
            );

    public static MethodInputs Create(EmbeddingMatrix pool, EmbeddingMatrix targets, long budget) =>
        new()
        {
            Pool = CandidatePool.FromEmbeddings(pool, new CandidatePoolOptions { ThreadCount = 1 }),
            Targets = targets,
            Budget = budget,
            ThreadCount = 1,
        };

    /// <summary>Unit vectors in the plane at some angles, in degrees.</summary>
    public static EmbeddingMatrix Circle(params double[] degrees) =>
        new(
            degrees
                .SelectMany(angle =>
                    new[] { (float)Math.Cos(angle * Math.PI / 180), (float)Math.Sin(angle * Math.PI / 180) }
                )
                .ToArray(),
            2
        );

    /// <summary>Rows of a pool by their texts, each of the source of its first word.</summary>
    public static MethodInputs OfTexts(string[] pool, string[] targets, long budget) =>
        Create(Circle(new double[pool.Length]), Circle(new double[targets.Length]), budget) with
        {
            Rows = pool.Select((text, row) => new CandidateRow(row, text, text.Split(' ')[0])),
            TargetTexts = targets,
        };

    public static long[] Select(string method, MethodInputs inputs) =>
        SelectionMethods
            .Find(method)
            .SelectAsync(inputs, null, TestContext.Current.CancellationToken)
            .GetAwaiter()
            .GetResult()
            .CandidateIds.ToArray();

    public static double[] Scores(string method, MethodInputs inputs) =>
        SelectionMethods
            .Find(method)
            .SelectAsync(inputs, null, TestContext.Current.CancellationToken)
            .GetAwaiter()
            .GetResult()
            .Scores.ToArray();

    /// <summary>The embeddings of the candidates that may be chosen, by id.</summary>
    public static Dictionary<long, float[]> RowsOf(MethodInputs inputs) =>
        inputs.EnumerateIds().ToDictionary(id => id, id => Row(inputs, id));

    /// <summary>
    /// Replays a greedy choice: each row must have the best score of those left, except for rounding, by a naive score
    /// of a row given the rows before it.
    /// </summary>
    public static string GreedyDisagreement(
        MethodInputs inputs,
        long[] chosen,
        Func<long, long[], double> score,
        double tolerance = 1e-9
    )
    {
        for (int rank = 0; rank < chosen.Length; rank++)
        {
            long[] before = chosen[..rank];
            double best = inputs.EnumerateIds().Except(before).Max(id => score(id, before));
            if (Math.Abs(score(chosen[rank], before) - best) > tolerance)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"rank {rank + 1}: row {chosen[rank]} has {score(chosen[rank], before)}, expected {best}"
                );
            }
        }

        return chosen.Distinct().Count() == inputs.Budget && chosen.All(id => !inputs.HiddenIds.Span.Contains(id))
            ? ""
            : "a row twice, a hidden row, or too few";
    }

    /// <summary>s_ij by the definition.</summary>
    public static double Cosine(MethodInputs inputs, long candidateId, int target) =>
        Dot(Row(inputs, candidateId), inputs.Targets[target]);

    public static float[] Row(MethodInputs inputs, long candidateId) =>
        inputs.Pool.ReadEmbeddingsAsync(new[] { candidateId }).AsTask().GetAwaiter().GetResult().Values.ToArray();

    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += (double)x[i] * y[i];
        }

        return sum;
    }

    /// <summary>
    /// Determines whether rows are the best by a naive score, in that order, except for rows whose scores differ by
    /// rounding alone.
    /// </summary>
    public static string Disagreement(
        MethodInputs inputs,
        long[] chosen,
        Func<long, double> score,
        double tolerance = 1e-9
    )
    {
        double[] best = [.. inputs.EnumerateIds().Select(score).OrderDescending().Take(chosen.Length)];
        for (int i = 0; i < chosen.Length; i++)
        {
            if (Math.Abs(score(chosen[i]) - best[i]) > tolerance)
            {
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"rank {i + 1}: row {chosen[i]} has {score(chosen[i])}, expected {best[i]}"
                );
            }
        }

        return chosen.Distinct().Count() == inputs.Budget && chosen.All(id => !inputs.HiddenIds.Span.Contains(id))
            ? ""
            : "a row twice, a hidden row, or too few";
    }
}
