using Tsds.Data;

namespace Tsds.Evaluation.Report;

/// <summary>Writes <c>report.html</c> of a selection: what was chosen, from what, how sure it is, and what is missing.</summary>
/// <remarks>One file without scripts that loads nothing; texts of rows and targets are escaped, cut, and shown with their invisible characters.</remarks>
public sealed class SelectionReporter : ISelectionReporter
{
    /// <inheritdoc/>
    public IReadOnlyCollection<long> ChooseRows(SelectionResult result, IReadOnlyList<RowCluster> clusters)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(clusters);
        return
        [
            .. ExampleSection.RowsOf(result),
            .. UnreachableSection.RowsOf(result),
            .. ClusterSection.RowsOf(clusters),
            .. PoolMap.RowsOf(result),
        ];
    }

    /// <inheritdoc/>
    public async Task WriteAsync(ReportedSelection selection, Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        PoolMap map = await PoolMap.CreateAsync(selection, cancellationToken).ConfigureAwait(false);
        TargetReach reach = TargetReach.Of(selection.Result);
        ReportPage.Write(output, $"{HeadlineSection.Headline(selection)} · Tsds", html =>
        {
            HeadlineSection.Write(html, selection, reach);
            PathPlot.Write(html, selection);
            map.Write(html, selection, reach);
            MixtureSection.Write(html, selection);
            TaskSection.Write(html, selection);
            UnreachableSection.Write(html, selection, reach);
            ExampleSection.Write(html, selection);
            ClusterSection.Write(html, selection);
            ProofSection.Write(html, selection);
        });
    }
}
