namespace Tsds.Transport;

/// <summary>A feasible point of the dual problem.</summary>
/// <param name="Value">Its objective: no plan costs less.</param>
/// <param name="WaterLevels">u_i, the distance up to which each target's mass rises.</param>
/// <param name="IsComplete">True if every u_i lies within the fetched neighbors, so that no other candidate
/// matters.</param>
internal sealed record DualBound(double Value, double[] WaterLevels, bool IsComplete);
