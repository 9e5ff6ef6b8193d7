using Tsds.Evaluation.Metrics;

namespace Tsds.Tests.Evaluation.Metrics;

public sealed class PrincipalPlaneTests
{
    /// <summary>
    /// Variances 9, 4 and 0.25 along three axes of a space of twelve, turned: the plane is that of the first two, and
    /// holds 13 of 13.25.
    /// </summary>
    [Fact]
    public void Fit_TwoStrongDirections_FindsThemAndTheirShares()
    {
        EmbeddingMatrix pool = Turned([3, 2, 0.5], copies: 1);
        EmbeddingMatrix targets = Turned([3, 2, 0.5], copies: 5);

        PrincipalPlane plane = PrincipalPlane.Fit(pool, targets);

        Assert.Equal(9 / 13.25, plane.FirstShare, 1e-5);
        Assert.Equal(4 / 13.25, plane.SecondShare, 1e-5);
        for (int row = 0; row < pool.Count; row += 2)
        {
            // Rows come in pairs around the mean, three pairs in all.
            (double x, double y) = plane.Project(pool[row]);
            (double otherX, double otherY) = plane.Project(pool[row + 1]);
            Assert.Equal(-otherX, x, 1e-5);
            Assert.Equal(-otherY, y, 1e-5);
            Assert.Equal(
                row switch
                {
                    0 => (3 * Math.Sqrt(3), 0),
                    2 => (0, 2 * Math.Sqrt(3)),
                    _ => (0.0, 0.0),
                },
                (Math.Abs(Math.Round(x, 4)), Math.Abs(Math.Round(y, 4))),
                Near
            );
        }
    }

    [Fact]
    public void Fit_GroupsOfDifferentSize_WeighTheSame()
    {
        // All that tells the groups apart is the first coordinate: half the weight at 0, half at 2, whatever their
        // numbers.
        EmbeddingMatrix pool = Vectors.Of(2, new float[100]);
        EmbeddingMatrix targets = Vectors.Of(2, 2, 0);

        PrincipalPlane plane = PrincipalPlane.Fit(pool, targets);

        Assert.Equal(1, plane.FirstShare, 1e-9);
        Assert.Equal(1, Math.Abs(plane.Project([2, 0]).X), 1e-9);
        Assert.Equal(1, Math.Abs(plane.Project([0, 0]).X), 1e-9);
    }

    [Fact]
    public void Fit_EqualRows_HasNoVariance()
    {
        PrincipalPlane plane = PrincipalPlane.Fit(Vectors.Of(3, 1, 2, 3, 1, 2, 3), Vectors.Of(3, 1, 2, 3));
        Assert.Equal((0, 0), (plane.FirstShare, plane.SecondShare));
        Assert.Equal((0, 0), plane.Project([1, 2, 3]));
    }

    private static bool Near((double X, double Y) expected, (double X, double Y) actual) =>
        Math.Abs(expected.X - actual.X) < 1e-3 && Math.Abs(expected.Y - actual.Y) < 1e-3;

    /// <summary>
    /// Points ±√3·s along each of three orthogonal directions, so that the variance along each is s².
    /// </summary>
    private static EmbeddingMatrix Turned(double[] deviations, int copies)
    {
        const int Dimension = 12;
        List<float> values = [];
        for (int copy = 0; copy < copies; copy++)
        {
            for (int axis = 0; axis < deviations.Length; axis++)
            {
                foreach (int sign in new[] { 1, -1 })
                {
                    for (int i = 0; i < Dimension; i++)
                    {
                        // Three columns of a cosine basis, which are orthonormal.
                        double direction =
                            Math.Sqrt(2.0 / Dimension) * Math.Cos(Math.PI * (i + 0.5) * (axis + 1) / Dimension);
                        values.Add((float)((sign * Math.Sqrt(3) * deviations[axis] * direction) + 7));
                    }
                }
            }
        }

        return new EmbeddingMatrix(values.ToArray(), Dimension);
    }
}
