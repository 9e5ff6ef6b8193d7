using Tsds.Data.Vectors;

namespace Tsds.Jobs.Inputs;

/// <summary>Opens the index of a pool where it fits.</summary>
internal static class PoolIndexes
{
    /// <summary>
    /// Makes a pool use an index if the index was built from its vectors; returns null with a note otherwise.
    /// </summary>
    /// <param name="folder">The folder of the index.</param>
    /// <param name="pool">The pool.</param>
    /// <param name="files">The pool's files.</param>
    /// <param name="note">Receives in a few words whether the index is used, and why not.</param>
    /// <returns>The index, in use by the pool, or null.</returns>
    public static PoolIndex? TryUse(string folder, CandidatePool pool, VectorFiles files, out string note)
    {
        PoolIndex? index = null;
        try
        {
            index = PoolIndex.Open(folder);
            if (index.Identity != files.Identity)
            {
                note = $"ignored: {folder} was built from other vectors; build it again with 'tsds index'";
            }
            else if (index.Normalization != pool.Normalization)
            {
                note = $"ignored: {folder} was built under --normalize {OptionNames.Of(index.Normalization)}";
            }
            else
            {
                pool.UseIndex(index);
                note = $"used: {folder}";
                return index;
            }
        }
        catch (InvalidDataException exception)
        {
            note = $"ignored: {exception.Message}";
        }

        index?.Dispose();
        return null;
    }
}
