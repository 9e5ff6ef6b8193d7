namespace Tsds.Transport;

/// <summary>
/// The reach of a target's mass at a level: its first neighbors each hold their full share, and one more holds a
/// remainder.
/// </summary>
/// <param name="FilledCount">The neighbors that hold μ_i · w_j · <see cref="IPlanFamily.MassPerWeight"/>, nearest
/// first.</param>
/// <param name="ExtraRank">The neighbor that holds <paramref name="ExtraMass"/> on top of that, from 0.</param>
/// <param name="ExtraMass">Not negative.</param>
internal readonly record struct TargetCut(int FilledCount, int ExtraRank, double ExtraMass)
{
    /// <summary>Gets the number of neighbors that hold mass; they are the nearest ones.</summary>
    public int EntryCount => ExtraMass > 0 ? Math.Max(FilledCount, ExtraRank + 1) : FilledCount;
}
