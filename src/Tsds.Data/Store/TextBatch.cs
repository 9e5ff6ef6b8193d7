namespace Tsds.Data.Store;

/// <summary>Consecutive texts of one chunk that are embedded together.</summary>
/// <param name="Number">The chunk.</param>
/// <param name="Texts">The texts.</param>
/// <param name="Keys">The key of each.</param>
internal sealed record TextBatch(int Number, List<string> Texts, List<UInt128> Keys)
{
    /// <summary>The number of texts embedded together. Two batches may wait while a third is read.</summary>
    public const int Rows = 512;

    public static TextBatch Empty(int number) => new(number, new List<string>(Rows), new List<UInt128>(Rows));
}
