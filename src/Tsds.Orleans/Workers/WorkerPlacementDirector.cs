using Orleans.Runtime.Placement;

namespace Tsds.Orleans.Workers;

/// <summary>Places a worker on the silo that its key names; throws if there is no such silo.</summary>
internal sealed class WorkerPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy,
        PlacementTarget target,
        IPlacementContext context
    )
    {
        string key = target.GrainIdentity.Key.ToString()!;
        return Task.FromResult(
            context.GetCompatibleSilos(target).FirstOrDefault(silo => silo.ToParsableString() == key)
                ?? throw new SiloUnavailableException($"Expected the worker {key}, found that it has left.")
        );
    }
}
