namespace Tsds.Tasks;

/// <summary>The settings of discriminants.</summary>
/// <param name="Weight">λ, not negative.</param>
/// <param name="Ridge">κ, in mean variances of the pool; positive.</param>
/// <param name="Caution">How much of the noise in the mean of few targets is taken off λ: 1 all, 0 nothing.</param>
/// <param name="ThreadCount">Threads; nothing else depends on them.</param>
internal readonly record struct RelevanceSettings(double Weight, double Ridge, double Caution, int ThreadCount);
