namespace Tsds.Jobs.Report;

/// <summary>A target near a chosen row.</summary>
/// <param name="Target">Its position, from 0.</param>
/// <param name="Mass">The mass that it sends the row, of all mass; null if there is no plan.</param>
/// <param name="Distance">How far it is.</param>
internal readonly record struct TargetPull(int Target, double? Mass, double Distance);
