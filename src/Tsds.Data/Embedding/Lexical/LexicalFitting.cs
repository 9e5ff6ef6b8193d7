namespace Tsds.Data.Embedding.Lexical;

/// <summary>Finds the lexical embedder of a sample: a fit that is kept is not computed again.</summary>
/// <param name="sample">The sample, once the whole pool was offered.</param>
/// <param name="options">How to fit.</param>
internal sealed class LexicalFitting(Lazy<IReadOnlyList<string>> sample, LexicalEmbedderOptions options)
    : IEmbedderFitting
{
    private string? _identity;

    public string Identity => _identity ??= LexicalEmbedder.IdentityOf(sample.Value, options);

    public IEmbedder? Open(string folder) =>
        LexicalFit.Read(Path.Combine(folder, LexicalFit.FileName)) is { } fit
            ? new LexicalEmbedder(options, fit)
            : null;

    public IEmbedder Fit(string folder, IProgress<SelectionProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new SelectionProgress(SelectionStage.Fitting, 0, LexicalEmbedder.StepCount));
        LexicalEmbedder embedder = LexicalEmbedder.Fit(
            sample.Value,
            options,
            progress is null ? null : new StepProgress(progress),
            cancellationToken
        );
        embedder.Fitted.Write(Path.Combine(folder, LexicalFit.FileName));
        return embedder;
    }

    private sealed class StepProgress(IProgress<SelectionProgress> progress) : IProgress<long>
    {
        public void Report(long value) =>
            progress.Report(new SelectionProgress(SelectionStage.Fitting, value, LexicalEmbedder.StepCount));
    }
}
