using Orleans.Placement;

namespace Tsds.Orleans.Workers;

/// <summary>The grain lives on the silo that its key names.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class WorkerPlacementAttribute() : PlacementAttribute(new WorkerPlacement());
