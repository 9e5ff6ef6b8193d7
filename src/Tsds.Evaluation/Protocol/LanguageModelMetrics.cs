using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Protocol;

/// <summary>
/// Cross-entropy of the held-out targets under a language model of word triples trained on the rows, in nats a word.
/// </summary>
internal sealed class LanguageModelMetrics(int vocabularySize) : IHeldOutMetrics
{
    public IReadOnlyList<(string Name, MetricDirection Better)> Definitions { get; } =
    [("crossEntropy", MetricDirection.Smaller)];

    public bool CountsWords => true;

    public IReadOnlyList<Func<int, double>> Prepare(Subsample rows)
    {
        KneserNeyModel model = KneserNeyModel.Train(rows.FirstWords(), vocabularySize);
        HeldOutTargets targets = rows.Targets;
        double[] nats = new double[targets.Count];
        double[] words = new double[targets.Count];
        for (int target = 0; target < nats.Length; target++)
        {
            (nats[target], int count) = model.CostOf(targets.Rows.Words[target]);
            words[target] = count;
        }

        return [resample => WeightedRatio.Of(nats, words, targets.WeightsOf(resample))];
    }
}
