using Tsds.Jobs.Explain;
using Tsds.Jobs.Explore;

namespace Tsds.Explorer.Wire;

/// <summary>Represents a row under a plan.</summary>
internal sealed record RowRecord(
    long Row,
    string? Id,
    string? File,
    long? Line,
    string? Source,
    IReadOnlyList<ShownTurn> Turns,
    int Start,
    int? Next,
    int Characters,
    IReadOnlyList<ShownField> Fields,
    string Outcome,
    string Why,
    long Count,
    double Probability,
    double? Density,
    double Bandwidth,
    long? CopyOf,
    IReadOnlyList<long> Copies,
    IReadOnlyList<NearCopy> NearCopies,
    IReadOnlyList<RowRelevance> Relevance,
    IReadOnlyList<RowPull> Targets
)
{
    /// <summary>Returns what is sent of a row.</summary>
    /// <param name="panel">What is known of it.</param>
    public static RowRecord Of(RowPanel panel) =>
        new(
            panel.Row,
            panel.Id,
            panel.File,
            panel.Line,
            panel.Source,
            panel.Text?.Turns ?? [],
            panel.Text?.Start ?? 0,
            panel.Text?.Next,
            panel.Text?.Characters ?? 0,
            panel.Fields,
            panel.Outcome,
            panel.Why,
            panel.Count,
            panel.Probability,
            panel.Density,
            panel.Bandwidth,
            panel.CopyOf,
            panel.Copies,
            panel.NearCopies,
            panel.Relevance,
            panel.Targets
        );
}
