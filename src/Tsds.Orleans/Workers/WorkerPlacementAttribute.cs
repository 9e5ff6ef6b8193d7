using Orleans.Placement;

namespace Tsds.Orleans.Workers;

/// <summary>Places the grain on the silo that its key names.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class WorkerPlacementAttribute() : PlacementAttribute(new WorkerPlacement());
