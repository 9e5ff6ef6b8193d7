using Tsds.Data.Files;

namespace Tsds.Data.Vectors;

/// <summary>Ready-made embeddings, with the hashes of their files.</summary>
/// <param name="Given">The sources as they were named.</param>
/// <param name="Sources">The sources as a pool can map them: Parquet columns are copied first.</param>
/// <param name="Descriptions">What is known of each file, once it is hashed: beside the search, because that takes a
/// second for each gigabyte or two.</param>
/// <param name="RowCount">The rows of all sources; combined files describe the same ones.</param>
internal sealed record VectorFiles(
    IReadOnlyList<VectorSource> Given,
    IReadOnlyList<VectorSource> Sources,
    IReadOnlyList<Task<InputFile>> Descriptions,
    long RowCount
)
{
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
                        .. source.Files.Select(given => given with { Path = files[file++].Sha256 }),
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
        long rowCount = 0;
        foreach (VectorSource source in sources)
        {
            VectorFile[] parts = [.. source.Files];
            for (int i = 0; i < parts.Length; i++)
            {
                VectorFile part = parts[i];
                VectorShape shape = ReadShape(part);
                files.Add(Task.Run(() => DescribeAsync(part, shape, cancellationToken), cancellationToken));
                if (ParquetVectors.Holds(parts[i]))
                {
                    string copy = output.ScratchPathOf($"{name}-{files.Count}.npy");
                    Copy(parts[i], copy, progress, cancellationToken);
                    parts[i] = parts[i] with { Path = copy, Tensor = null, Label = parts[i].Label };
                }
            }

            mapped.Add(new VectorSource(parts));
            rowCount += mapped[^1].ReadShape().Count;
        }

        return new VectorFiles(sources, mapped, files, rowCount);
    }

    private static VectorShape ReadShape(VectorFile file)
    {
        if (!ParquetVectors.Holds(file))
        {
            return new VectorSource([file with { Weight = null }]).ReadShape();
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
            progress is null ? null : new CopyProgress(progress, vectors.Count, new FileInfo(file.Path).Length),
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
            Path = file.Path,
            Bytes = new FileInfo(file.Path).Length,
            Sha256 = await FileHash.OfAsync(file.Path, cancellationToken).ConfigureAwait(false),
            Rows = shape.Count,
            SkippedRows = 0,
            Schema = "",
            Schemas = new Dictionary<string, long>(),
        };
    }

    /// <summary>Reports progress in bytes, where each row of a column stands for its share of the file.</summary>
    private sealed class CopyProgress(IProgress<SelectionProgress> progress, long rows, long bytes) : IProgress<long>
    {
        public void Report(long value) =>
            progress.Report(
                new SelectionProgress(SelectionStage.Reading, (long)((double)value / Math.Max(rows, 1) * bytes), bytes)
            );
    }
}
