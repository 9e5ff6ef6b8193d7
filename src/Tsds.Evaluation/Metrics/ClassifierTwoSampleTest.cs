using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;
using Tsds.Sampling;

namespace Tsds.Evaluation.Metrics;

/// <summary>
/// A two-sample test: how well a classifier separates selected rows from held-out targets. ½ means that it cannot.
/// </summary>
/// <remarks>
/// Logistic regression on the embeddings, ½‖w‖² + Σ ln(1 + e^(−y(wᵀx + b))) with the intercept free, as many rows as
/// targets, five folds drawn by the seed. Accuracy over all out-of-fold rows has standard deviation at most 1/(2√(2n))
/// if the sets cannot be distinguished; the area under the curve is the mean of the five folds'. Both from 0 to 1; NaN
/// with fewer than five rows a side.
/// </remarks>
/// <param name="Accuracy">The share of rows classified correctly.</param>
/// <param name="AreaUnderCurve">Probability that a random row of the selection scores above a random target, ties
/// counting half.</param>
/// <seealso href="https://arxiv.org/abs/1610.06545">Lopez-Paz, Oquab 2017, Revisiting Classifier Two-Sample
/// Tests</seealso>
internal sealed record ClassifierTwoSampleTest(double Accuracy, double AreaUnderCurve)
{
    private const int FoldCount = 5;
    private const double GradientTolerance = 1e-5;

    /// <summary>Trains and scores a classifier that separates two sets.</summary>
    public static ClassifierTwoSampleTest Of(EmbeddingMatrix selected, EmbeddingMatrix targets, ulong seed)
    {
        int size = Math.Min(selected.Count, targets.Count);
        if (size < FoldCount)
        {
            return new ClassifierTwoSampleTest(double.NaN, double.NaN);
        }

        int[] chosenRows = Shuffle(selected.Count, new CounterRandom(seed, 0))[..size];
        int[] chosenTargets = Shuffle(targets.Count, new CounterRandom(seed, 1))[..size];
        int right = 0;
        double area = 0;
        for (int fold = 0; fold < FoldCount; fold++)
        {
            double[] weights = Fit(Part(chosenRows, fold, isTest: false), Part(chosenTargets, fold, isTest: false));
            double[] above = Score(weights, selected, Part(chosenRows, fold, isTest: true));
            double[] below = Score(weights, targets, Part(chosenTargets, fold, isTest: true));
            right += above.Count(score => score > 0) + below.Count(score => score <= 0);
            area += Area(above, below);
        }

        return new ClassifierTwoSampleTest((double)right / (2 * size), area / FoldCount);

        double[] Fit(int[] rows, int[] others) => FitLogistic(selected.Gather(rows), targets.Gather(others));
    }

    /// <summary>
    /// Returns the area under the curve: P(score of a positive &gt; score of a negative), ties counting half.
    /// </summary>
    public static double Area(IReadOnlyList<double> positives, IReadOnlyList<double> negatives)
    {
        double sum = 0;
        foreach (double positive in positives)
        {
            foreach (double negative in negatives)
            {
                sum +=
                    positive > negative ? 1
                    : positive == negative ? 0.5
                    : 0;
            }
        }

        return sum / ((double)positives.Count * negatives.Count);
    }

    private static int[] Part(int[] rows, int fold, bool isTest) =>
        [.. rows.Where((_, position) => position % FoldCount == fold == isTest)];

    private static int[] Shuffle(int count, CounterRandom random) =>
        [.. Enumerable.Range(0, count).OrderBy(index => random.Bits((ulong)index)).ThenBy(index => index)];

    private static double[] Score(double[] weights, EmbeddingMatrix points, int[] rows) =>
        Array.ConvertAll(rows, row => Score(weights, points[row]));

    private static double Score(ReadOnlySpan<double> weights, ReadOnlySpan<float> point)
    {
        double score = weights[^1];
        for (int i = 0; i < point.Length; i++)
        {
            score += weights[i] * point[i];
        }

        return score;
    }

    /// <summary>
    /// Minimizes the logistic loss, a smooth, convex function; positives are 1, negatives −1. The intercept comes last.
    /// </summary>
    private static double[] FitLogistic(EmbeddingMatrix positives, EmbeddingMatrix negatives)
    {
        IObjectiveFunction objective = ObjectiveFunction.Gradient(weights =>
            Evaluate(weights.AsArray(), positives, negatives)
        );
        LimitedMemoryBfgsMinimizer minimizer = new(
            GradientTolerance,
            1e-12,
            1e-12,
            memory: 10,
            maximumIterations: 1000
        );
        return minimizer
            .FindMinimum(objective, Vector<double>.Build.Dense(positives.Dimension + 1))
            .MinimizingPoint.AsArray();
    }

    private static (double Value, Vector<double> Gradient) Evaluate(
        double[] weights,
        EmbeddingMatrix positives,
        EmbeddingMatrix negatives
    )
    {
        double[] gradient = [.. weights];
        gradient[^1] = 0;
        double loss = 0.5 * gradient.Sum(weight => weight * weight);
        loss += Add(positives, 1) + Add(negatives, -1);
        return (loss, Vector<double>.Build.Dense(gradient));

        double Add(EmbeddingMatrix points, int label)
        {
            double sum = 0;
            for (int row = 0; row < points.Count; row++)
            {
                ReadOnlySpan<float> point = points[row];
                double margin = label * Score(weights, point);

                // ln(1 + e^−m), without overflow for margins far below 0.
                sum += Math.Max(0, -margin) + Math.Log(1 + Math.Exp(-Math.Abs(margin)));
                double slope = -label / (1 + Math.Exp(margin));
                for (int i = 0; i < point.Length; i++)
                {
                    gradient[i] += slope * point[i];
                }

                gradient[^1] += slope;
            }

            return sum;
        }
    }
}
