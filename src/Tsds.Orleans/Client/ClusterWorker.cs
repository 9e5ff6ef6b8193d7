using Tsds.Orleans.Wire;

namespace Tsds.Orleans.Client;

/// <summary>A worker that responds, as a client sees it.</summary>
internal sealed record ClusterWorker(string Address, IWorkerGrain Grain, WorkerStatus Status);
