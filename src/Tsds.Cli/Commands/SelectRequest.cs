using Tsds.Jobs.Inputs;
using Tsds.Orleans;
using Tsds.Sources;

namespace Tsds.Cli.Commands;

/// <summary>The options of a command line, checked and converted.</summary>
/// <param name="Job">The job; without an output folder only when <paramref name="IsDryRun"/>.</param>
/// <param name="IsDryRun">Print the plan and stop.</param>
/// <param name="IsAgreed">Send texts to a service without asking.</param>
/// <param name="Cluster">The cluster that searches the pool, or null.</param>
/// <param name="Sources">How addresses are reached, an output folder among them; null for the defaults.</param>
internal sealed record SelectRequest(
    SelectionJobOptions Job,
    bool IsDryRun,
    bool IsAgreed,
    ClusterOptions? Cluster = null,
    SourceOptions? Sources = null
);
