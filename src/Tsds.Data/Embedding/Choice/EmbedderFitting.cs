using Tsds.Data.Embedding.Lexical;
using Tsds.Data.Embedding.Static;

namespace Tsds.Data.Embedding.Choice;

/// <summary>
/// Opens the embedder of a pool. Parts that depend on the pool are fitted to a sample that is gathered while the pool
/// is read; the others are opened at once.
/// </summary>
internal sealed class EmbedderFitting : IDisposable
{
    private readonly List<(IEmbedder? Ready, IEmbedderFitting? Fitting, double Share)> _parts = [];
    private readonly TextSample _sample;
    private readonly Lazy<IReadOnlyList<string>> _texts;
    private readonly LexicalEmbedderOptions _options;
    private bool _isHandedOver;

    private EmbedderFitting(int threadCount)
    {
        _options = new LexicalEmbedderOptions { ThreadCount = threadCount };
        _sample = new TextSample(_options);
        _texts = new Lazy<IReadOnlyList<string>>(() => _sample.Texts);
    }

    /// <summary>Gets the names of files that hold a fit.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [LexicalFit.FileName, StaticFit.FileName];

    /// <summary>
    /// Gets a value indicating whether the whole pool has to be offered before the embedder is known.
    /// </summary>
    public bool NeedsPool => _parts.Exists(part => part.Fitting is not null);

    /// <summary>Gets the identity for passages; where the pool is needed, once the whole pool was offered.</summary>
    public string Identity => NameOf(part => part.Fitting?.Identity ?? part.Ready!.IdentityOf(TextRole.Passage));

    /// <summary>Opens the parts that do not depend on the pool, before it is read.</summary>
    /// <param name="options">The embedder; not the one that targets choose.</param>
    /// <param name="threadCount">The number of threads.</param>
    /// <exception cref="ArgumentException">The options do not fit the embedder.</exception>
    /// <exception cref="FileNotFoundException">A file of the model is missing.</exception>
    /// <exception cref="InvalidDataException">The model cannot be used; the message says why.</exception>
    public static EmbedderFitting Open(EmbedderOptions options, int threadCount)
    {
        if (options.Parts.All(part => part.IsFitted) && options.QueryPrefix.Length + options.PassagePrefix.Length > 0)
        {
            throw new ArgumentException(
                $"--embedder-prefix is for models that want queries and passages marked; the {options.Name} embedder "
                    + "does not: leave it out."
            );
        }

        EmbedderFitting fitting = new(threadCount);
        try
        {
            foreach (EmbedderPart part in options.Parts)
            {
                fitting._parts.Add(
                    (
                        part.IsFitted ? null : Embedders.Open(part, options, threadCount),
                        part.IsLexical ? new LexicalFitting(fitting._texts, fitting._options)
                        : part.IsStatic ? new StaticFitting(fitting._texts, fitting._options)
                        : null,
                        part.Share
                    )
                );
            }

            return fitting;
        }
        catch
        {
            fitting.Dispose();
            throw;
        }
    }

    /// <summary>Offers the text of a row to the sample.</summary>
    public void Add(long row, string text) => _sample.Add(row, text);

    /// <summary>Opens the embedder with the fits stored in a folder, whatever their pool, or returns null.</summary>
    /// <returns>Null if one is missing. Else the embedder, which the caller disposes of.</returns>
    /// <exception cref="InvalidDataException">A file is damaged, or of another version.</exception>
    public IEmbedder? TryOpen(string folder)
    {
        IEmbedder?[] embedders = [.. _parts.Select(part => part.Ready ?? part.Fitting!.Open(folder))];
        return Array.TrueForAll(embedders, embedder => embedder is not null) ? Join(embedders!) : null;
    }

    /// <summary>Opens the stored fits of this pool, or fits the embedder and stores the fits in the folder.</summary>
    /// <returns>The embedder, which the caller disposes of.</returns>
    public IEmbedder OpenOrFit(
        string folder,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    ) =>
        Join([
            .. _parts.Select(part =>
                part.Ready ?? TryOpen(part.Fitting!, folder) ?? part.Fitting!.Fit(folder, progress, cancellationToken)
            ),
        ]);

    /// <summary>Disposes what was opened, unless the embedder owns it.</summary>
    public void Dispose()
    {
        if (!_isHandedOver)
        {
            _parts.ForEach(part => part.Ready?.Dispose());
        }
    }

    private static IEmbedder? TryOpen(IEmbedderFitting fitting, string folder)
    {
        try
        {
            if (fitting.Open(folder) is not { } embedder || embedder.IdentityOf(TextRole.Passage) != fitting.Identity)
            {
                return null;
            }

            // What was used last stays longest in the cache.
            foreach (string path in FileNames.Select(name => Path.Combine(folder, name)).Where(File.Exists))
            {
                File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
            }

            return embedder;
        }
        catch (InvalidDataException)
        {
            // A file that is torn is written again.
            return null;
        }
    }

    private IEmbedder Join(IEmbedder[] embedders)
    {
        _isHandedOver = true;
        return embedders is [{ } single] ? single : new JoinedEmbedder([.. embedders.Zip(_parts.Select(p => p.Share))]);
    }

    private string NameOf(Func<(IEmbedder? Ready, IEmbedderFitting? Fitting, double Share), string> identityOf) =>
        _parts is [{ } single]
            ? identityOf(single)
            : JoinedEmbedder.NameOf(_parts.Select(part => (identityOf(part), part.Share)));
}
