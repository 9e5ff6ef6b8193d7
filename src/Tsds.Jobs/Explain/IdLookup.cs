using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Explain;

/// <summary>Finds the row or target of a selection that has an id.</summary>
internal static class IdLookup
{
    /// <summary>Returns the row or target with an id.</summary>
    /// <param name="manifest">The selection.</param>
    /// <param name="id">The id of a row that has a probability, or of a target.</param>
    /// <returns>The number of the row or of the target, the other null; both null if neither has this id.</returns>
    /// <exception cref="ArgumentException">Several rows, or several targets, have this id.</exception>
    public static (long? Row, int? Target) Find(SelectionManifest manifest, string id)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        IEnumerable<long> rows = LineageFile
            .ReadLineage(manifest.Folder)
            .Where(line => line.Id.Value == id)
            .Select(line => line.Row);
        if (Only(rows, id, "row") is { } row)
        {
            return (row, null);
        }

        IEnumerable<long> targets = LineageFile
            .ReadTargets(manifest.Folder)
            .Where(line => line.Id.Value == id)
            .Select(line => (long)line.Target);
        return (null, (int?)Only(targets, id, "target"));
    }

    /// <summary>
    /// Returns the row with an id in the inputs, or null; for rows that no target reached, which are not in the files.
    /// </summary>
    /// <param name="manifest">The selection.</param>
    /// <param name="id">The id.</param>
    /// <param name="options">Where the inputs are; null for the defaults.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The row's number, or null.</returns>
    /// <exception cref="ArgumentException">Several rows have this id.</exception>
    /// <exception cref="IOException">An input is missing or cannot be read.</exception>
    public static long? FindInPool(
        SelectionManifest manifest,
        string id,
        RepeatOptions? options = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(manifest);
        using RepeatedJob repeated = RepeatedJob.Of(manifest, options);
        SelectionJobOptions job = repeated.Options;
        JobFiles files = JobFiles.Resolve(job);
        if (files.PoolFiles.Count == 0)
        {
            return null;
        }

        if (job.Spec.Sieve is not null)
        {
            // Rows are numbered among those that the sieve left, of which the lineage lists those that matter.
            return Only(
                LineageFile.ReadLineage(manifest.Folder).Where(line => line.Id.Value == id).Select(line => line.Row),
                id,
                "row"
            );
        }

        using StagedFolder scratch = StagedFolder.Create(job.Output, force: false, SelectionFiles.Names);
        JobContext context = new()
        {
            Options = job,
            Files = files,
            Scratch = scratch,
            Cancellation = cancellationToken,
        };

        // Row numbers leave out what was skipped, with its vector where there are vectors.
        IEnumerable<long> found = PoolInputs
            .ReadRows(context)
            .Read(RowFields.Identity, null, cancellationToken)
            .Where(row => row.Id == id)
            .Select(row => row.Index);
        return Only(found, id, "row");
    }

    /// <summary>Returns the only number of a list, or null if there is none.</summary>
    private static long? Only(IEnumerable<long> numbers, string id, string kind)
    {
        const int listed = 5;
        long[] found = [.. numbers.Take(listed + 1)];
        return found.Length < 2
            ? found.Length == 0
                ? null
                : found[0]
            : throw new ArgumentException(
                $"Expected an id that one {kind} has, found '{id}' at "
                    + string.Join(", ", found.Take(listed).Select(number => $"{kind}:{number}"))
                    + (found.Length > listed ? " and more" : "")
                    + "; name one of them so."
            );
    }
}
