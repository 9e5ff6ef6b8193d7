namespace Tsds.Data.Embedding.Lexical;

/// <summary>
/// Fits the lexical embedder of a pool: gathers the sample while the pool is read, and reuses a stored fit of the same
/// sample.
/// </summary>
internal sealed class LexicalFitting
{
    private readonly LexicalEmbedderOptions _options;
    private readonly TextSample _sample;
    private IReadOnlyList<string>? _texts;
    private string? _identity;

    public LexicalFitting(int threadCount)
    {
        _options = new LexicalEmbedderOptions { ThreadCount = threadCount };
        _sample = new TextSample(_options);
    }

    /// <summary>Gets the identity of the embedder, once the whole pool was offered.</summary>
    public string Identity => _identity ??= LexicalEmbedder.IdentityOf(Texts, _options);

    private IReadOnlyList<string> Texts => _texts ??= _sample.Texts;

    /// <summary>Offers the text of a row to the sample.</summary>
    public void Add(long row, string text) => _sample.Add(row, text);

    /// <summary>Opens a stored fit, or returns null if there is none.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or of another version.</exception>
    public LexicalEmbedder? Open(string folder) => Open(folder, _options);

    /// <summary>Opens a stored fit, or returns null if there is none.</summary>
    /// <returns>Null where there is none.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or of another version.</exception>
    public static LexicalEmbedder? Open(string folder, LexicalEmbedderOptions options) =>
        LexicalFit.Read(Path.Combine(folder, LexicalFit.FileName)) is { } fit
            ? new LexicalEmbedder(options, fit)
            : null;

    /// <summary>Opens the stored fit of this sample, or fits the embedder and stores the fit in the folder.</summary>
    public LexicalEmbedder OpenOrFit(
        string folder,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        string path = Path.Combine(folder, LexicalFit.FileName);
        if (TryOpen(folder) is { } known)
        {
            // The cache evicts the least recently used first.
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            return known;
        }

        progress?.Report(new SelectionProgress(SelectionStage.Fitting, 0, LexicalEmbedder.StepCount));
        LexicalEmbedder embedder = LexicalEmbedder.Fit(
            Texts,
            _options,
            progress is null ? null : new StepProgress(progress),
            cancellationToken
        );
        embedder.Fitted.Write(path);
        return embedder;
    }

    private LexicalEmbedder? TryOpen(string folder)
    {
        try
        {
            return Open(folder) is { } embedder && embedder.Fitted.Identity == Identity ? embedder : null;
        }
        catch (InvalidDataException)
        {
            // A file that is torn is written again.
            return null;
        }
    }

    private sealed class StepProgress(IProgress<SelectionProgress> progress) : IProgress<long>
    {
        public void Report(long value) =>
            progress.Report(new SelectionProgress(SelectionStage.Fitting, value, LexicalEmbedder.StepCount));
    }
}
