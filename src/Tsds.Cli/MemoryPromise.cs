using System.Globalization;

namespace Tsds.Cli;

/// <summary>Makes <c>--memory</c> a promise: the runtime itself keeps the heap below it.</summary>
internal static class MemoryPromise
{
    /// <summary>Limits the heap to an amount less what the process needs beside it.</summary>
    /// <exception cref="ArgumentException">Nothing would be left.</exception>
    public static void Keep(long bytes)
    {
        long heap = bytes - Data.SelectionJob.RuntimeBytes;
        if (heap < Data.SelectionJob.RuntimeBytes)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--memory: expected at least {2 * Data.SelectionJob.RuntimeBytes / 1e6:N0} MB, which "
                        + $"the program itself needs, found {bytes / 1e6:N0} MB."
                )
            );
        }

        AppContext.SetData("GCHeapHardLimit", (ulong)heap);
        GC.RefreshMemoryLimit();
    }
}
