namespace Tsds.Orleans.Client;

/// <summary>The exception thrown when a worker has left the cluster or has been silent for too long.</summary>
internal sealed class WorkerLostException : Exception;
