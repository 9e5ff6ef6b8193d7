namespace Tsds.Evaluation.Protocol;

/// <summary>
/// Chooses settings of a selection from its own data, after pool and targets are embedded and before anything is
/// selected.
/// </summary>
internal interface ISelectionTuner
{
    /// <summary>Chooses the settings.</summary>
    /// <param name="pool">The candidates.</param>
    /// <param name="targets">The targets, normalized or not; nothing else may judge the settings.</param>
    /// <param name="selection">What the user asked for; settings that are not tuned stay as they are.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The settings, and how the others compared.</returns>
    /// <exception cref="InvalidOperationException">The targets do not allow it; the message gives the
    /// reason.</exception>
    Task<SelectionTuning> TuneAsync(
        ICandidatePool pool,
        EmbeddingMatrix targets,
        SelectionOptions selection,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    );
}
