namespace Tsds.Data.Embedding;

/// <summary>Fits one embedder to the sample of a pool.</summary>
internal interface IEmbedderFitting
{
    /// <summary>Gets the identity of the embedder that the sample gives.</summary>
    string Identity { get; }

    /// <summary>Opens a stored fit, whatever its sample, or returns null.</summary>
    /// <param name="folder">Where fits are kept.</param>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or of another version.</exception>
    IEmbedder? Open(string folder);

    /// <summary>Fits the embedder to the sample and stores the fit.</summary>
    /// <param name="folder">Where fits are kept.</param>
    /// <param name="progress">Receives steps done; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    IEmbedder Fit(string folder, IProgress<SelectionProgress>? progress, CancellationToken cancellationToken);
}
