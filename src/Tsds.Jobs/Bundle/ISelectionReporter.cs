using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>Writes the report of a selection, <c>report.html</c>, after everything else.</summary>
internal interface ISelectionReporter
{
    /// <summary>
    /// Returns the rows that the page shows, so that their texts can be collected when the pool is read.
    /// </summary>
    /// <param name="selection">What was selected.</param>
    /// <param name="clusters">Its near-duplicates.</param>
    /// <returns>
    /// Row numbers in any order, repeated or not; a few hundred at most, for their texts are held in memory.
    /// </returns>
    IReadOnlyCollection<long> ChooseRows(Selection selection, IReadOnlyList<DuplicateGroup> clusters);

    /// <summary>Writes the page, with the same bytes for the same selection.</summary>
    /// <param name="selection">What was selected.</param>
    /// <param name="output">Receives the page; stays open.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task WriteAsync(ReportedSelection selection, Stream output, CancellationToken cancellationToken);
}
