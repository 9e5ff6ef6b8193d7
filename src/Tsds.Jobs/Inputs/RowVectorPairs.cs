using Tsds.Data.Rows;
using Tsds.Data.Vectors;

namespace Tsds.Jobs.Inputs;

/// <summary>Rows with their ready-made embeddings: row i belongs to vector i.</summary>
/// <param name="Vectors">The embeddings of the rows that are kept, as many as these.</param>
/// <param name="LeftOut">The rows whose vector cannot be used, by their position over all files, with what is wrong;
/// null where there is none. The rows have to be read again without them.</param>
internal sealed record RowVectorPairs(VectorFiles Vectors, IReadOnlyDictionary<long, string>? LeftOut)
{
    /// <summary>Pairs rows with vectors.</summary>
    /// <param name="context">The job.</param>
    /// <param name="option">The option that names the rows, without dashes.</param>
    /// <param name="rows">The rows after a complete pass.</param>
    /// <param name="vectors">The embeddings: one for each row in the files, or one for each that is kept.</param>
    /// <returns>
    /// The pairs that can be used. Where bad rows are to be skipped, the vector of a bad row is left out with it, and
    /// the row of a vector that cannot be used as well.
    /// </returns>
    /// <exception cref="InvalidDataException">The numbers differ, over all or from file to file.</exception>
    public static RowVectorPairs Match(JobContext context, string option, RowReader rows, VectorFiles vectors)
    {
        IReadOnlyList<long> skipped = rows.SkippedPositions;
        bool areOfAll = vectors.RowCount == rows.RowCount + skipped.Count;
        if (!areOfAll && vectors.RowCount != rows.RowCount)
        {
            string beside = skipped.Count > 0 ? $" (and {skipped.Count:N0} that were skipped)" : "";
            throw new InvalidDataException(
                $"Expected one vector for each of the {rows.RowCount:N0} rows of --{option}{beside}, found "
                    + $"{vectors.RowCount:N0} in --{option}-vectors; row i must belong to vector i."
            );
        }

        CheckFiles(option, rows, vectors, areOfAll);
        if (context.Spec.OnBadRow != BadRowPolicy.Skip)
        {
            return new RowVectorPairs(vectors, LeftOut: null);
        }

        HashSet<long> dropped = areOfAll ? [.. skipped] : [];
        Dictionary<long, string> leftOut = [];
        foreach (
            (long vector, string problem) in vectors.FindUnusable(context.Spec.Normalization, context.Cancellation)
        )
        {
            if (dropped.Add(vector))
            {
                leftOut.Add(
                    areOfAll ? vector : PositionOf(vector, skipped),
                    $"expected a vector for it, found {problem}"
                );
            }
        }

        if (dropped.Count == 0)
        {
            return new RowVectorPairs(vectors, LeftOut: null);
        }

        if (option == "pool" && context.Options.ServedPool is not null)
        {
            throw new InvalidDataException(
                $"Expected a vector that can be used for each row of --pool, because others search the pool here, "
                    + $"found {dropped.Count:N0} without; leave them out of rows and vectors first."
            );
        }

        return new RowVectorPairs(
            vectors.Without(dropped, context.Scratch, option, context.Cancellation),
            leftOut.Count > 0 ? leftOut : null
        );
    }

    /// <summary>Returns the position over all rows of one that is kept.</summary>
    private static long PositionOf(long kept, IReadOnlyList<long> skipped)
    {
        long position = kept;
        for (int i = 0; i < skipped.Count && skipped[i] <= position; i++)
        {
            position++;
        }

        return position;
    }

    /// <summary>
    /// Requires, where there are as many files of vectors as of rows, that each has as many vectors as the other rows.
    /// </summary>
    private static void CheckFiles(string option, RowReader rows, VectorFiles vectors, bool areOfAll)
    {
        if (rows.Files.Count != vectors.SourceRows.Count)
        {
            return;
        }

        for (int i = 0; i < rows.Files.Count; i++)
        {
            long expected = rows.Files[i].Rows + (areOfAll ? rows.Files[i].SkippedRows : 0);
            if (expected != vectors.SourceRows[i])
            {
                throw new InvalidDataException(
                    $"Expected the {expected:N0} vectors of {rows.Files[i].Path} in {vectors.Given[i]}, which stands "
                        + $"at its place in --{option}-vectors, found {vectors.SourceRows[i]:N0}; give the files of "
                        + $"--{option} and --{option}-vectors in the same order."
                );
            }
        }
    }
}
