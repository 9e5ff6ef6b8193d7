using Tsds.Data.Embedding.Lexical;

namespace Tsds.Data.Embedding.Static;

/// <summary>Fits the static embedder to a sample, whose pieces are counted once.</summary>
/// <param name="sample">The sample, once the whole pool was offered.</param>
/// <param name="options">The bounds of texts and threads.</param>
internal sealed class StaticFitting(Lazy<IReadOnlyList<string>> sample, LexicalEmbedderOptions options)
    : IEmbedderFitting
{
    private string? _identity;

    public string Identity => _identity ??= StaticEmbedder.IdentityOf(sample.Value, StaticTable.BuiltIn, options);

    public IEmbedder? Open(string folder) =>
        StaticFit.Read(Path.Combine(folder, StaticFit.FileName), StaticTable.BuiltIn) is { } fit
            ? new StaticEmbedder(StaticTable.BuiltIn, fit, options)
            : null;

    public IEmbedder Fit(string folder, IProgress<SelectionProgress>? progress, CancellationToken cancellationToken)
    {
        StaticEmbedder embedder = StaticEmbedder.Fit(sample.Value, StaticTable.BuiltIn, options, cancellationToken);
        embedder.Fitted.Write(Path.Combine(folder, StaticFit.FileName));
        return embedder;
    }
}
