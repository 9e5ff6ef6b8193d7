using Tsds.Data.Embedding.Lexical;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Data.Embedding.Lexical;

public sealed class TruncatedSvdTests
{
    private static readonly ParallelOptions Parallel = new() { MaxDegreeOfParallelism = 2 };

    /// <summary>
    /// A matrix of rank 3 is recovered: its singular values, and all of it by projection on the right vectors.
    /// </summary>
    [Fact]
    public void Compute_LowRankMatrix_RecoversIt()
    {
        const int Rows = 60;
        const int Columns = 45;
        float[] left = TestPools.Vectors.Create(1, Rows, 3, VectorKind.Spread).Values.ToArray();
        float[] right = TestPools.Vectors.Create(2, 3, Columns, VectorKind.Spread).Values.ToArray();
        double[,] dense = new double[Rows, Columns];
        List<(int, float)[]> rows = [];
        for (int i = 0; i < Rows; i++)
        {
            (int, float)[] row = new (int, float)[Columns];
            for (int j = 0; j < Columns; j++)
            {
                float value = 0;
                for (int r = 0; r < 3; r++)
                {
                    value += left[(i * 3) + r] * right[(r * Columns) + j];
                }

                row[j] = (j, value);
                dense[i, j] = value;
            }

            rows.Add(row);
        }

        TruncatedSvd svd = TruncatedSvd.Compute(FromRows([.. rows], Columns), 8, Parallel, null);
        double[] oracle = [.. MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfArray(dense).Svd().S.Take(3)];
        for (int r = 0; r < 3; r++)
        {
            Assert.Equal(oracle[r], svd.SingularValues[r], 1e-4 * oracle[0]);
        }

        for (int i = 0; i < Rows; i++)
        {
            double error = 0;
            double norm = 0;
            for (int j = 0; j < Columns; j++)
            {
                double projected = 0;
                for (int r = 0; r < svd.SingularValues.Length; r++)
                {
                    double coordinate = 0;
                    for (int l = 0; l < Columns; l++)
                    {
                        coordinate += dense[i, l] * svd.RowOf(l)[r];
                    }

                    projected += coordinate * svd.RowOf(j)[r];
                }

                error += (projected - dense[i, j]) * (projected - dense[i, j]);
                norm += dense[i, j] * dense[i, j];
            }

            Assert.True(error <= 1e-6 * norm, $"row {i}: {error} of {norm}");
        }
    }

    [Fact]
    public void Multiply_SparseTimesDense_EqualsTheDefinition()
    {
        SparseMatrix matrix = FromRows(
            [
                [(0, 1f), (2, 2f)],
                [],
                [(1, -1f)],
            ],
            3
        );
        float[] dense = [1, 2, 3, 4, 5, 6];
        float[] product = new float[6];
        matrix.Multiply(dense, 2, product, Parallel);
        Assert.Equal([11f, 14f, 0f, 0f, -3f, -4f], product);
        matrix.Transpose().Multiply(dense, 2, product, Parallel);
        Assert.Equal([1f, 2f, -5f, -6f, 2f, 4f], product);
    }

    private static SparseMatrix FromRows((int, float)[][] rows, int columns) =>
        SparseMatrix.FromRows([.. rows.Select(row => row.Length)], columns, (i, row) => rows[i].CopyTo(row), Parallel);
}
