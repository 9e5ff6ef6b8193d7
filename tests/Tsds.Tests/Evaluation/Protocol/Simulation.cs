using Tsds.Evaluation.Protocol;
using Tsds.Tests.Evaluation.Metrics;

namespace Tsds.Tests.Evaluation.Protocol;

/// <summary>A pool of two kinds of rows and targets of one kind, with vectors and texts that fit.</summary>
internal sealed class Simulation : IDisposable
{
    private const int Dimension = 6;
    private readonly CandidatePool _pool;

    /// <summary>
    /// Initializes a pool: first the targets themselves, so that they can be selected, then rows of their kind, then
    /// others.
    /// </summary>
    public Simulation(int targetCount = 60, int alike = 60, int others = 300)
    {
        EmbeddingMatrix targets = Vectors.Random(targetCount, Dimension, 1, shift: 3);
        EmbeddingMatrix near = Vectors.Random(alike, Dimension, 2, shift: 3);
        EmbeddingMatrix far = Vectors.Random(others, Dimension, 3, shift: -1);
        _pool = CandidatePool.FromEmbeddings(
            new EmbeddingMatrix((float[])[.. targets.Values.Span, .. near.Values.Span, .. far.Values.Span], Dimension)
        );
        Random random = new(4);
        string[] texts =
        [
            .. Enumerable
                .Range(0, targetCount + alike + others)
                .Select(row => TextOf(random, isAlike: row < targetCount + alike)),
        ];
        TargetCount = targetCount;
        Data = new EvaluationData
        {
            Pool = _pool,
            Targets = targets,
            PoolTexts = texts,
            TargetTexts = texts[..targetCount],
            PoolSources = [.. texts.Select((_, row) => row < targetCount + alike ? "alike" : "other")],
            TargetSources = [.. Enumerable.Repeat("alike", targetCount)],
        };
    }

    public int TargetCount { get; }

    public EvaluationData Data { get; }

    /// <summary>Rows of the targets' kind, none of them a target.</summary>
    public SelectedRows Alike(int count) => Rows(TargetCount, count);

    /// <summary>Rows of the other kind.</summary>
    public SelectedRows Others(int count) => Rows((int)_pool.Count - count, count);

    public void Dispose() => _pool.Dispose();

    private static SelectedRows Rows(int first, int count) =>
        new(Enumerable.Range(first, count).Select(row => (long)row).ToArray());

    private static string TextOf(Random random, bool isAlike)
    {
        // A chain of words: each follows its neighbors by kind, so that triples tell the kinds apart.
        int word = random.Next(20);
        List<string> words = [];
        for (int i = 0; i < 12; i++)
        {
            words.Add($"{(isAlike ? 'a' : 'b')}{word}");
            word = (word + random.Next(1, 4)) % 20;
        }

        return string.Join(' ', words);
    }
}
