using System.Globalization;

namespace Tsds.Jobs.Inputs;

/// <summary>Compares what a job needs with what it may take.</summary>
internal static class MemoryCheck
{
    /// <summary>Throws if a job would exceed the memory limit.</summary>
    /// <param name="estimate">The bytes that it needs, or null if it is not known.</param>
    /// <param name="limit">The bytes that it may take, or null for any number.</param>
    /// <exception cref="InvalidOperationException">The estimate is above the limit.</exception>
    public static void Require(long? estimate, long? limit)
    {
        if (estimate > limit)
        {
            throw new InvalidOperationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Expected the job to fit into {limit / 1e6:N0} MB of memory, found that it needs about "
                        + $"{estimate / 1e6:N0} MB; allow more with --memory."
                )
            );
        }
    }
}
