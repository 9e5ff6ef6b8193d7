using Tsds.Data.Files;
using Tsds.Pools;

namespace Tsds.Data.Vectors;

/// <summary>Ready-made embeddings, with the hashes of their files.</summary>
/// <param name="Given">The sources as they were named.</param>
/// <param name="Sources">The sources as a pool can map them: Parquet columns are copied first.</param>
/// <param name="Descriptions">What is known of each file, once it is hashed: beside the search, because that takes a
/// second for each gigabyte or two.</param>
/// <param name="SourceRows">The rows of each source; combined files describe the same ones.</param>
internal sealed record VectorFiles(
    IReadOnlyList<VectorSource> Given,
    IReadOnlyList<VectorSource> Sources,
    IReadOnlyList<Task<InputFile>> Descriptions,
    IReadOnlyList<long> SourceRows
)
{
    private const int BlockRows = 1024;

    /// <summary>Gets the number of rows of all sources.</summary>
    public long RowCount => SourceRows.Sum();

    /// <summary>Gets the properties of each file; waits until the hashes are computed.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public IReadOnlyList<InputFile> Files =>
        [.. Descriptions.Select(description => description.GetAwaiter().GetResult())];

    /// <summary>
    /// Gets the identity of these embeddings: the hashes of the files in order, the tensor or column of each, and the
    /// way they are combined.
    /// </summary>
    public string Identity
    {
        get
        {
            IReadOnlyList<InputFile> files = Files;
            int file = 0;
            return string.Join(
                '+',
                Given.Select(source =>
                    new VectorSource([
                        .. source.Files.Select(given => new VectorFile(files[file++].Sha256)
                        {
                            Tensor = given.Tensor,
                            Weight = given.Weight,
                        }),
                    ]).ToString()
                )
            );
        }
    }

    /// <summary>Reads the shape of a source from its headers.</summary>
    /// <exception cref="FileNotFoundException">A file does not exist.</exception>
    /// <exception cref="InvalidDataException">A file is not usable; the message names it.</exception>
    public static VectorShape ReadShape(VectorSource source)
    {
        VectorShape[] shapes = [.. source.Files.Select(ReadShape)];
        return shapes[0] with { Dimension = shapes.Sum(shape => shape.Dimension) };
    }

    /// <summary>Starts to hash the files, and copies those that cannot be mapped.</summary>
    /// <param name="sources">At least one.</param>
    /// <param name="output">Where copies are kept while the job runs.</param>
    /// <param name="name">What the copies are called.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static VectorFiles Open(
        IReadOnlyList<VectorSource> sources,
        StagedFolder output,
        string name,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        List<VectorSource> mapped = [];
        List<Task<InputFile>> files = [];
        List<long> sourceRows = [];
        foreach (VectorSource source in sources)
        {
            VectorFile[] parts = [.. source.Files];
            for (int i = 0; i < parts.Length; i++)
            {
                VectorFile part = parts[i];
                parts[i] = Localize(part);
                VectorShape shape = ReadShape(parts[i]);
                files.Add(Task.Run(() => DescribeAsync(part, shape, cancellationToken), cancellationToken));
                if (ParquetVectors.Holds(parts[i]))
                {
                    string copy = output.ScratchPathOf($"{name}-{files.Count}.npy");
                    Copy(parts[i], copy, progress, cancellationToken);
                    parts[i] = parts[i] with { Path = copy, Tensor = null, Label = parts[i].Label };
                }
            }

            mapped.Add(new VectorSource(parts));
            sourceRows.Add(mapped[^1].ReadShape().Count);
        }

        return new VectorFiles(sources, mapped, files, sourceRows);
    }

    /// <summary>
    /// Finds the rows that no search could use: NaN, infinity, and zeros where a direction is needed.
    /// </summary>
    /// <param name="normalization">What is done to each row.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Their positions from 0 over all sources, each with what is wrong; ascending.</returns>
    public IEnumerable<(long Row, string Problem)> FindUnusable(
        Normalization normalization,
        CancellationToken cancellationToken
    )
    {
        long first = 0;
        for (int i = 0; i < Sources.Count; i++)
        {
            // Each part of a combination needs a direction of its own.
            Normalization own = Sources[i].Files[0].Weight is null ? normalization : Normalization.L2;
            SortedDictionary<long, string> problems = [];
            foreach (VectorFile file in Sources[i].Files)
            {
                using MatrixFile matrix = MatrixFile.Open(file);
                foreach ((long row, Memory<float> vector) in RowsOf(matrix, cancellationToken))
                {
                    if (RowNormalizer.Apply(vector.Span, own) is { } problem)
                    {
                        problems.TryAdd(row, matrix.Describe(row) + problem.TrimEnd('.'));
                    }
                }
            }

            foreach ((long row, string problem) in problems)
            {
                yield return (first + row, problem);
            }

            first += SourceRows[i];
        }
    }

    /// <summary>Returns the same embeddings without some rows: sources that have one of them are copied.</summary>
    /// <param name="rows">The positions of the rows, from 0 over all sources.</param>
    /// <param name="output">Where copies are kept while the job runs.</param>
    /// <param name="name">What the copies are called.</param>
    /// <param name="cancellationToken">Stops.</param>
    public VectorFiles Without(
        IReadOnlySet<long> rows,
        StagedFolder output,
        string name,
        CancellationToken cancellationToken
    )
    {
        VectorSource[] sources = [.. Sources];
        long[] counts = [.. SourceRows];
        long first = 0;
        for (int i = 0; i < sources.Length; i++)
        {
            HashSet<long> left =
            [
                .. rows.Where(row => row >= first && row < first + SourceRows[i]).Select(row => row - first),
            ];
            first += SourceRows[i];
            if (left.Count == 0)
            {
                continue;
            }

            VectorFile[] parts = [.. sources[i].Files];
            for (int j = 0; j < parts.Length; j++)
            {
                string copy = output.ScratchPathOf($"{name}-usable-{i}-{j}.npy");
                CopyWithout(parts[j], left, copy, cancellationToken);
                parts[j] = parts[j] with { Path = copy, Tensor = null, Label = parts[j].Label };
            }

            sources[i] = new VectorSource(parts);
            counts[i] -= left.Count;
        }

        return this with
        {
            Sources = sources,
            SourceRows = counts,
        };
    }

    private static void CopyWithout(
        VectorFile file,
        HashSet<long> left,
        string path,
        CancellationToken cancellationToken
    )
    {
        using MatrixFile matrix = MatrixFile.Open(file);
        using NpyWriter writer = new(path, matrix.Dimension);
        foreach ((long row, Memory<float> vector) in RowsOf(matrix, cancellationToken))
        {
            if (!left.Contains(row))
            {
                writer.Append(vector.Span);
            }
        }

        writer.Complete();
    }

    /// <summary>Reads the vectors of a file in blocks; each is good until the next is asked for.</summary>
    private static IEnumerable<(long Row, Memory<float> Vector)> RowsOf(
        MatrixFile matrix,
        CancellationToken cancellationToken
    )
    {
        float[] rows = new float[BlockRows * matrix.Dimension];
        for (long row = 0; row < matrix.Count; row += BlockRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int count = (int)Math.Min(BlockRows, matrix.Count - row);
            matrix.ReadRows(row, count, rows, matrix.Dimension);
            for (int j = 0; j < count; j++)
            {
                yield return (row + j, rows.AsMemory(j * matrix.Dimension, matrix.Dimension));
            }
        }
    }

    /// <summary>Fetches a file that is mapped, and cannot be where it is at an address.</summary>
    private static VectorFile Localize(VectorFile file) =>
        FileSources.IsAddress(file.Path) && !ParquetVectors.Holds(file)
            ? file with
            {
                Path = FileSources.Localize(file.Path),
                Label = file.Label,
            }
            : file;

    private static VectorShape ReadShape(VectorFile file)
    {
        if (!ParquetVectors.Holds(file))
        {
            return new VectorSource([Localize(file) with { Weight = null }]).ReadShape();
        }

        using ParquetVectors vectors = ParquetVectors.Open(file);
        return vectors.ReadShape();
    }

    private static void Copy(
        VectorFile file,
        string path,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        using ParquetVectors vectors = ParquetVectors.Open(file);
        vectors.CopyTo(
            path,
            progress is null ? null : new CopyProgress(progress, vectors.Count, FileSources.LengthOf(file.Path)),
            cancellationToken
        );
    }

    private static async Task<InputFile> DescribeAsync(
        VectorFile file,
        VectorShape shape,
        CancellationToken cancellationToken
    )
    {
        return new InputFile
        {
            Path = NameOf(file),
            Bytes = FileSources.LengthOf(file.Path),
            Sha256 = await FileHash.OfAsync(file.Path, cancellationToken).ConfigureAwait(false),
            Version = FileSources.VersionOf(file.Path),
            Rows = shape.Count,
            SkippedRows = 0,
            Schema = "",
            Schemas = new Dictionary<string, long>(),
        };
    }

    /// <summary>Returns what a file is called: where it was found may be another place.</summary>
    private static string NameOf(VectorFile file) =>
        file.Tensor is { } tensor && file.Label.EndsWith("#" + tensor, StringComparison.Ordinal)
            ? file.Label[..^(tensor.Length + 1)]
            : file.Label;

    /// <summary>Reports progress in bytes, where each row of a column stands for its share of the file.</summary>
    private sealed class CopyProgress(IProgress<SelectionProgress> progress, long rows, long bytes) : IProgress<long>
    {
        public void Report(long value) =>
            progress.Report(
                new SelectionProgress(SelectionStage.Reading, (long)((double)value / Math.Max(rows, 1) * bytes), bytes)
            );
    }
}
