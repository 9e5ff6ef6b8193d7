namespace Tsds.Data.Embedding;

/// <summary>
/// Several embedders side by side: the vectors of a text are concatenated, each scaled to length √share, so that a
/// squared distance is the weighted mean of theirs.
/// </summary>
/// <param name="parts">The embedders and their shares, which add up to 1.</param>
/// <remarks>
/// Where an embedder gives a text the zero vector, only the others place it, and are scaled up to length 1.
/// </remarks>
internal sealed class JoinedEmbedder(IReadOnlyList<(IEmbedder Embedder, double Share)> parts) : IEmbedder
{
    /// <summary>Gets the embedders, in the order of their blocks.</summary>
    public IReadOnlyList<IEmbedder> Parts => [.. parts.Select(part => part.Embedder)];

    public EmbedderFit? Fit
    {
        get
        {
            EmbedderFit[] fits = [.. parts.Select(part => part.Embedder.Fit).OfType<EmbedderFit>()];
            return fits.Length == 0
                ? null
                : new EmbedderFit(string.Join('+', fits.Select(fit => fit.Version)), fits.Max(fit => fit.SampleRows));
        }
    }

    public string IdentityOf(TextRole role) =>
        NameOf(parts.Select(part => (part.Embedder.IdentityOf(role), part.Share)));

    /// <summary>Returns the identity of the embedder that joins embedders of these identities.</summary>
    public static string NameOf(IEnumerable<(string Identity, double Share)> parts) =>
        string.Join(" + ", parts.Select(part => FormattableString.Invariant($"{part.Share:0.####} {part.Identity}")));

    public async ValueTask<EmbeddingMatrix> EmbedAsync(
        IReadOnlyList<string> texts,
        TextRole role,
        CancellationToken cancellationToken
    )
    {
        List<EmbeddingMatrix> blocks = [];
        foreach ((IEmbedder embedder, _) in parts)
        {
            blocks.Add(await embedder.EmbedAsync(texts, role, cancellationToken).ConfigureAwait(false));
        }

        return Join(blocks);
    }

    /// <summary>Joins what the embedders made of the same texts.</summary>
    /// <param name="blocks">The vectors of the texts by each embedder, in the order of <see cref="Parts"/>.</param>
    public EmbeddingMatrix Join(IReadOnlyList<EmbeddingMatrix> blocks)
    {
        int count = blocks[0].Count;
        int dimension = blocks.Sum(block => block.Dimension);
        float[] values = new float[checked(count * dimension)];
        Parallel.For(0, count, text => Join(blocks, text, values.AsSpan(text * dimension, dimension)));
        return new EmbeddingMatrix(values, dimension);
    }

    public void Dispose()
    {
        foreach ((IEmbedder embedder, _) in parts)
        {
            embedder.Dispose();
        }
    }

    private void Join(IReadOnlyList<EmbeddingMatrix> blocks, int text, Span<float> destination)
    {
        Span<double> norms = stackalloc double[blocks.Count];
        double present = 0;
        for (int i = 0; i < blocks.Count; i++)
        {
            double normSquared = 0;
            foreach (float value in blocks[i][text])
            {
                normSquared += (double)value * value;
            }

            norms[i] = Math.Sqrt(normSquared);
            present += normSquared > 0 ? parts[i].Share : 0;
        }

        int start = 0;
        for (int i = 0; i < blocks.Count; i++)
        {
            ReadOnlySpan<float> block = blocks[i][text];
            if (norms[i] > 0)
            {
                double scale = Math.Sqrt(parts[i].Share / present) / norms[i];
                for (int column = 0; column < block.Length; column++)
                {
                    destination[start + column] = (float)(block[column] * scale);
                }
            }

            start += block.Length;
        }
    }
}
