using System.Globalization;
using Tsds.Data;

namespace Tsds.Jobs.Inputs;

/// <summary>Limits the heap of the runtime, so that <c>--memory</c> holds whatever is allocated.</summary>
internal static class HeapLimit
{
    /// <summary>Limits the heap to an amount of memory less what the process needs outside it.</summary>
    /// <exception cref="ArgumentException">Nothing would be left.</exception>
    public static void Apply(long bytes)
    {
        long heap = bytes - RuntimeMemory.Bytes;
        if (heap < RuntimeMemory.Bytes)
        {
            (double amount, string unit) = bytes < 1e6 ? (bytes, "bytes") : (bytes / 1e6, "MB");
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--memory: expected at least {2 * RuntimeMemory.Bytes / 1e6:N0} MB, which "
                        + $"the program itself needs, found {amount:N0} {unit}."
                )
            );
        }

        AppContext.SetData("GCHeapHardLimit", (ulong)heap);
        GC.RefreshMemoryLimit();
    }
}
