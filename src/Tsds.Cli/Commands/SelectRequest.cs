using Tsds.Jobs.Inputs;
using Tsds.Orleans;

namespace Tsds.Cli.Commands;

/// <summary>The options of a command line, checked and converted.</summary>
/// <param name="Job">The job; without an output folder only when <paramref name="IsDryRun"/>.</param>
/// <param name="IsDryRun">Print the plan and stop.</param>
/// <param name="IsAgreed">Send texts to a service without asking.</param>
/// <param name="IsJson">Write JSON events in place of words.</param>
/// <param name="Cluster">The cluster that searches the pool, or null.</param>
internal sealed record SelectRequest(
    SelectionJobOptions Job,
    bool IsDryRun,
    bool IsAgreed,
    bool IsJson,
    ClusterOptions? Cluster = null
);
