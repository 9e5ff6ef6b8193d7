using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Report;

/// <summary>
/// Writes <c>report.html</c> of a selection: what was chosen, from what, how certain it is, and what is missing.
/// </summary>
/// <remarks>
/// One file without scripts that loads nothing; texts of rows and targets are escaped, cut, and shown with their
/// invisible characters.
/// </remarks>
internal sealed class SelectionReporter : ISelectionReporter
{
    /// <inheritdoc/>
    public IReadOnlyCollection<long> ChooseRows(Selection selection, IReadOnlyList<DuplicateGroup> clusters)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(clusters);
        return
        [
            .. ExampleSection.RowsOf(selection),
            .. selection.Transport is { } plan ? UnreachableSection.RowsOf(plan) : [],
            .. DuplicateSection.RowsOf(clusters),
            .. PoolMap.RowsOf(selection),
        ];
    }

    /// <inheritdoc/>
    public async Task WriteAsync(ReportedSelection selection, Stream output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        PoolMap map = await PoolMap.CreateAsync(selection, cancellationToken).ConfigureAwait(false);
        ExampleSection examples = await ExampleSection.CreateAsync(selection, cancellationToken).ConfigureAwait(false);
        SelectionResult? plan = selection.Chosen.Transport;
        TargetReach? reach = plan is null ? null : TargetReach.Of(plan);
        ReportPage.Write(
            output,
            $"{HeadlineSection.Headline(selection)} · Tsds",
            html =>
            {
                HeadlineSection.Write(html, selection, reach);
                if (plan is not null)
                {
                    PathPlot.Write(html, plan, selection.Chosen.Budget, selection.Chosen.AlikeRows);
                }

                map.Write(html, selection, reach);
                MixtureSection.Write(html, selection);
                if (plan is not null && reach is not null)
                {
                    TaskSection.Write(html, selection, plan);
                    UnreachableSection.Write(html, selection, plan, reach);
                }

                examples.Write(html, selection);
                DuplicateSection.Write(html, selection);
                SettingsSection.Write(html, selection);
            }
        );
    }
}
