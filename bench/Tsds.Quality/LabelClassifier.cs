using MathNet.Numerics.LinearAlgebra;
using Tsds.Data.Embedding.Lexical;

namespace Tsds.Quality;

/// <summary>
/// What a selection teaches about its domain: features are fitted to the selected texts alone, then a ridge classifier
/// is trained on the task's labelled rows in these features. The question of continued pretraining, in small.
/// </summary>
internal static class LabelClassifier
{
    private const double Ridge = 1;

    /// <summary>
    /// Macro-averaged F1 on the held-out rows: the mean over classes of 2PR/(P + R), 0 for a class that is never found.
    /// </summary>
    public static double MeasureF1(
        IReadOnlyList<string> selected,
        IReadOnlyList<LabelledText> train,
        IReadOnlyList<LabelledText> heldOut
    )
    {
        LexicalEmbedder embedder = LexicalEmbedder.Fit(selected, new LexicalEmbedderOptions { ThreadCount = 1 });
        string[] classes =
        [
            .. train.Select(row => row.Label!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
        ];
        Matrix<double> features = FeaturesOf(embedder, train);
        Matrix<double> labels = Matrix<double>.Build.Dense(
            train.Count,
            classes.Length,
            (row, c) => train[row].Label == classes[c] ? 1 : -1
        );
        Matrix<double> gram =
            features.TransposeThisAndMultiply(features)
            + (Ridge * Matrix<double>.Build.DenseIdentity(features.ColumnCount));
        Matrix<double> scores =
            FeaturesOf(embedder, heldOut) * gram.Cholesky().Solve(features.TransposeThisAndMultiply(labels));
        int[] right = new int[classes.Length];
        int[] found = new int[classes.Length];
        int[] present = new int[classes.Length];
        for (int row = 0; row < heldOut.Count; row++)
        {
            int best = scores.Row(row).MaximumIndex();
            int label = Array.IndexOf(classes, heldOut[row].Label);
            found[best]++;
            present[label]++;
            right[label] += best == label ? 1 : 0;
        }

        return Enumerable
            .Range(0, classes.Length)
            .Average(c => right[c] == 0 ? 0 : 2.0 * right[c] / (found[c] + present[c]));
    }

    /// <summary>The embedding of each text and a constant.</summary>
    private static Matrix<double> FeaturesOf(LexicalEmbedder embedder, IReadOnlyList<LabelledText> rows)
    {
        Matrix<double> features = Matrix<double>.Build.Dense(rows.Count, embedder.Dimension + 1, 1);
        float[] vector = new float[embedder.Dimension];
        for (int row = 0; row < rows.Count; row++)
        {
            embedder.Embed(rows[row].Text, vector);
            for (int i = 0; i < vector.Length; i++)
            {
                features[row, i] = vector[i];
            }
        }

        return features;
    }
}
