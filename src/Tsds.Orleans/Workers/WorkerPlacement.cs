namespace Tsds.Orleans.Workers;

/// <summary>The grain lives on the silo that its key names.</summary>
internal sealed class WorkerPlacement : PlacementStrategy;
