namespace Tsds.Transport;

/// <summary>Receives one entry of a plan.</summary>
/// <param name="target">The target that sends.</param>
/// <param name="rank">The candidate's rank among the target's neighbors, from 0.</param>
/// <param name="mass">The mass sent, positive.</param>
internal delegate void MassVisitor(int target, int rank, double mass);
