namespace Tsds.Transport;

/// <summary>The size of density passes.</summary>
internal static class DensityBatch
{
    /// <summary>Returns the bytes of a point: the embedding, its packed form and its short views.</summary>
    public static long BytesPerPoint(int dimension) => (8L * dimension) + 1_024;

    /// <summary>
    /// Returns the largest number of points of a pass: a quarter of the memory limit, from 256 to 32,768 points.
    /// </summary>
    public static int Largest(long? memoryLimit, int dimension) =>
        (int)Math.Clamp((memoryLimit ?? long.MaxValue) / 4 / BytesPerPoint(dimension), 256, 32_768);
}
