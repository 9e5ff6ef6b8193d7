using System.Globalization;
using System.Text.Json.Serialization;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>The part of a manifest that may differ between two runs of one selection.</summary>
/// <param name="Output">The folder as the user named it.</param>
/// <param name="Configuration">The options of the command line as they were given, in older manifests; else
/// null.</param>
/// <param name="Threads">The threads.</param>
/// <param name="MemoryLimit">The limit of memory in bytes, or null.</param>
/// <param name="Seconds">The wall time by stage, and in all.</param>
/// <param name="PeakMemoryBytes">The peak resident memory.</param>
/// <param name="Runtime">The version of .NET.</param>
/// <param name="Processors">The number of processors.</param>
internal sealed record ManifestRun(
    string Output,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        OrderedDictionary<string, IReadOnlyList<string>>? Configuration,
    int Threads,
    long? MemoryLimit,
    OrderedDictionary<string, double>? Seconds,
    long PeakMemoryBytes,
    string? Runtime,
    string? Processors
)
{
    /// <summary>Returns the record of a run so far.</summary>
    public static ManifestRun Of(JobContext context) =>
        new(
            context.Options.OutputName ?? context.Options.Output,
            Configuration: null,
            context.Options.ThreadCount,
            context.Options.MemoryLimit,
            context.Timings.Seconds(),
            RunRecord.PeakMemoryBytes,
            Environment.Version.ToString(3),
            Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)
        );
}
