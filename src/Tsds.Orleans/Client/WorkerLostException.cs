namespace Tsds.Orleans.Client;

/// <summary>A worker has left, or is silent for too long.</summary>
internal sealed class WorkerLostException : Exception;
