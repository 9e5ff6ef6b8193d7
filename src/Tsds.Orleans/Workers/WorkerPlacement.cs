namespace Tsds.Orleans.Workers;

/// <summary>The placement of a grain on the silo that its key names.</summary>
internal sealed class WorkerPlacement : PlacementStrategy;
