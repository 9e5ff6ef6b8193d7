using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// Writes a page that shows a person what was selected, <c>report.html</c>, once everything else is known.
/// </summary>
internal interface ISelectionReporter
{
    /// <summary>
    /// Names the rows that the page shows, so that their texts can be kept while the pool is read anyway.
    /// </summary>
    /// <param name="selection">What was selected.</param>
    /// <param name="clusters">Its near-duplicates.</param>
    /// <returns>
    /// Row numbers in any order, repeated or not; a few hundred at most, for their texts are held in memory.
    /// </returns>
    IReadOnlyCollection<long> ChooseRows(Selection selection, IReadOnlyList<DuplicateGroup> clusters);

    /// <summary>Writes the page: the same bytes for the same selection.</summary>
    /// <param name="selection">What was selected.</param>
    /// <param name="output">Receives the page; stays open.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task WriteAsync(ReportedSelection selection, Stream output, CancellationToken cancellationToken);
}
