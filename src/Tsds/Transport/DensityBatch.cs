namespace Tsds.Transport;

/// <summary>How many points a density pass may have.</summary>
internal static class DensityBatch
{
    /// <summary>Bytes a point: the embedding, its packed form and its short views.</summary>
    public static long BytesPerPoint(int dimension) => (8L * dimension) + 1_024;

    /// <summary>The points of a pass: a quarter of the limit, from 256 to 32,768.</summary>
    public static int Largest(long? memoryLimit, int dimension) =>
        (int)Math.Clamp((memoryLimit ?? long.MaxValue) / 4 / BytesPerPoint(dimension), 256, 32_768);
}
