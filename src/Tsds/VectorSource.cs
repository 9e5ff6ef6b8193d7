using System.Globalization;
using Tsds.Pools;

namespace Tsds;

/// <summary>A source of embeddings: one file, or several files that are combined row by row.</summary>
/// <remarks>
/// A combination of files c with weights w_c makes of the rows x_c the vector (√w̄_c · x_c / ‖x_c‖)_c, w̄ = w / Σw. Its
/// norm is 1, and the inner product of two of them is Σ_c w̄_c cos(x_c, y_c): the influence that gradient features of
/// several checkpoints estimate, with learning rates as weights.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/2402.04333">Xia et al. 2024, LESS: Selecting Influential Data for Targeted
/// Instruction Tuning</seealso>
public sealed class VectorSource
{
    /// <summary>Initializes a source.</summary>
    /// <param name="files">One file without a weight, or any number of files with weights.</param>
    /// <exception cref="ArgumentException">There is no file, or some have a weight and others not.</exception>
    public VectorSource(IReadOnlyList<VectorFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentOutOfRangeException.ThrowIfZero(files.Count);
        if (
            (files.Count > 1 || files[0].Weight is not null)
            && files.FirstOrDefault(file => file.Weight is null) is { } missing
        )
        {
            throw new ArgumentException(
                $"Expected a weight for each combined file, found none for '{missing.Label}'; write "
                    + $"file:weight, as in ckpt1.pt:1.7e-5,ckpt2.pt:1.3e-5."
            );
        }

        Files = files;
    }

    /// <summary>Gets the files.</summary>
    public IReadOnlyList<VectorFile> Files { get; }

    /// <summary>Gets the weights, divided by their sum; empty for a file that stands alone.</summary>
    public IReadOnlyList<double> Weights
    {
        get
        {
            double sum = Files.Sum(file => file.Weight ?? 0);
            return sum > 0 ? [.. Files.Select(file => file.Weight!.Value / sum)] : [];
        }
    }

    /// <summary>
    /// Parses <c>file</c>, <c>file#tensor</c>, or <c>file:weight,file:weight</c>, each with or without <c>#tensor</c>.
    /// </summary>
    /// <param name="text">The text. One that is the name of an existing file means that file, whatever characters it
    /// has.</param>
    /// <returns>The source; its files are not looked at.</returns>
    /// <exception cref="ArgumentException">The text is empty, a weight is not a positive number, or some files have a
    /// weight and others not.</exception>
    public static VectorSource Parse(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        if (!File.Exists(text))
        {
            VectorFile[] pieces = [.. text.Split(',').Select(ParseWeighted)];
            if (pieces.Any(piece => piece.Weight is not null))
            {
                return new VectorSource(pieces);
            }
        }

        return new VectorSource([ParseFile(text)]);
    }

    /// <summary>Reads the shape from the headers of the files.</summary>
    /// <returns>
    /// The shape; of a combination the dimensions are added, and the element type is that of the first file.
    /// </returns>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is not usable, or the files do not fit one another; the message
    /// names it.</exception>
    public VectorShape ReadShape()
    {
        using IVectorSource store = Open();
        VectorElement element = MatrixLayout.Read(Files[0]).Element;
        return new VectorShape(store.Count, store.Dimension, element.ToString().ToLowerInvariant());
    }

    /// <summary>Reads sources into memory, one after the other, as float32.</summary>
    /// <param name="sources">At least one.</param>
    /// <returns>
    /// Shape [rows of all sources, dimension]. Rows of a file that stands alone are not changed, and checked where they
    /// are used.
    /// </returns>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is not usable, dimensions differ, or there is more than fits an
    /// array.</exception>
    public static EmbeddingMatrix ReadEmbeddings(IReadOnlyList<VectorSource> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentOutOfRangeException.ThrowIfZero(sources.Count);
        using ConcatenatedRows store = ConcatenatedRows.Open(sources);
        if (store.Count * store.Dimension > Array.MaxLength)
        {
            throw new InvalidDataException(
                $"Expected at most {Array.MaxLength:N0} numbers in {sources[0]}, found "
                    + $"{store.Count * store.Dimension:N0}; give fewer targets."
            );
        }

        float[] values = new float[store.Count * store.Dimension];
        if (values.Length > 0)
        {
            store.ReadRows(0, (int)store.Count, values, store.Dimension);
        }

        return new EmbeddingMatrix(values, store.Dimension);
    }

    /// <summary>Returns the source in the form that <see cref="Parse"/> reads.</summary>
    /// <returns>The labels of the files, with their weights if they have any.</returns>
    public override string ToString() =>
        string.Join(
            ',',
            Files.Select(file =>
                file.Weight is { } weight
                    ? string.Create(CultureInfo.InvariantCulture, $"{file.Label}:{weight:R}")
                    : file.Label
            )
        );

    internal IVectorSource Open() => Files[0].Weight is null ? MatrixFile.Open(Files[0]) : CombinedRows.Open(this);

    private static VectorFile ParseWeighted(string text)
    {
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || File.Exists(text) || !TryParseWeight(text[(colon + 1)..], out double weight))
        {
            return ParseFile(text);
        }

        return weight > 0 && double.IsFinite(weight)
            ? ParseFile(text[..colon]) with
            {
                Weight = weight,
            }
            : throw new ArgumentException(
                $"Expected a weight above 0 after the colon in '{text}', found '{text[(colon + 1)..]}'."
            );
    }

    private static bool TryParseWeight(string text, out double weight) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out weight);

    private static VectorFile ParseFile(string text)
    {
        int hash = text.LastIndexOf('#');
        return hash <= 0 || File.Exists(text)
            ? new VectorFile(text)
            : new VectorFile(text[..hash]) { Tensor = text[(hash + 1)..] };
    }
}
