using CsCheck;

namespace Tsds.Tests.TestPools;

/// <summary>
/// Random embeddings of the kinds that break kernels: spread, clustered, copied, far from the origin, of very different
/// lengths.
/// </summary>
internal static class Vectors
{
    public static EmbeddingMatrix Create(int seed, int count, int dimension, VectorKind kind)
    {
        ulong state = (ulong)seed;
        float Next()
        {
            // A small generator of its own: the same numbers for ever, whatever the library does.
            state = unchecked((state * 6364136223846793005) + 1442695040888963407);
            return ((state >> 40) / (float)(1 << 24)) - 0.5f;
        }

        float[] values = new float[count * dimension];
        for (int row = 0; row < count; row++)
        {
            float length = kind == VectorKind.Lengths ? MathF.Pow(10, Next() * 8) : 1;
            int original = row - (row % 4);
            for (int p = 0; p < dimension; p++)
            {
                values[(row * dimension) + p] = kind switch
                {
                    VectorKind.Copies when row % 4 != 0 => values[(original * dimension) + p],
                    VectorKind.Clustered when row % 4 != 0 => values[(original * dimension) + p] + (1e-4f * Next()),
                    VectorKind.Offset => 1000 + Next(),
                    VectorKind.Equal => 0.25f,
                    _ => length * Next(),
                };
            }
        }

        return new EmbeddingMatrix(values, dimension);
    }

    public static Gen<VectorKind> Kinds { get; } = Gen.Int[0, 5].Select(kind => (VectorKind)kind);

    public static double DistanceSquared(ReadOnlySpan<float> x, ReadOnlySpan<float> y) =>
        Tsds.Numerics.DistanceKernels.DistanceSquaredScalar(x, y);
}
