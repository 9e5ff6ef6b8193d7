using Tsds.Evaluation.Maps;

namespace Tsds.Jobs.Explore;

/// <summary>
/// Projects a pool and its targets so that neighbors stay near, once: the map is kept with the selection.
/// </summary>
internal static class NeighborProjection
{
    /// <summary>The name of the map.</summary>
    public const string Name = "neighbors";

    private const string Version = "tsds neighbors 1";

    /// <summary>Reads the map of a selection, or makes it.</summary>
    /// <param name="explorer">The selection.</param>
    /// <param name="progress">Receives what is being done, and the share of it.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<Projection> ReadOrCreateAsync(
        SelectionExplorer explorer,
        IProgress<(string Stage, double Share)> progress,
        CancellationToken cancellationToken
    )
    {
        ProjectionFile file = new(explorer, Name, Version);
        if (file.TryRead() is { } kept)
        {
            return kept;
        }

        PoolView centering = new(explorer.Current.Transport?.Views[0].Mean ?? default, default, 0);
        ICandidatePool pool = explorer.Inputs.Pool.Pool;
        float[] places = await NeighborEmbedding
            .CreateAsync(
                centering.Mean.IsEmpty ? pool : pool.WithView(centering),
                centering.Apply(explorer.Inputs.Targets.Embeddings),
                explorer.Current.Chosen,
                explorer.Context.Options.ThreadCount,
                progress,
                cancellationToken
            )
            .ConfigureAwait(false);
        float[] xs = new float[places.Length / 2];
        float[] ys = new float[xs.Length];
        for (int i = 0; i < xs.Length; i++)
        {
            (xs[i], ys[i]) = (places[2 * i], places[(2 * i) + 1]);
        }

        Projection map = Projection.Fit(Name, xs, ys);
        file.Write(map);
        return map;
    }
}
