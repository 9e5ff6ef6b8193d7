using System.Diagnostics;
using Tsds.Data.Embedding;
using Tsds.Data.Embedding.Choice;
using Tsds.Data.Rows;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Inspect;

/// <summary>Inspects files of rows before anything is made of them.</summary>
internal static class InspectJob
{
    // Of the default embedder, per thread, measured on 200,000 rows of 420 characters on two cores of an EPYC (Zen 3).
    private const double EmbeddedCharactersPerSecond = 3.5e6;
    private const double FittingSeconds = 8;

    /// <summary>Reads all files once and reports their content.</summary>
    /// <param name="options">What to look at.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops the job.</param>
    /// <returns>The report. A file that cannot be used is part of it.</returns>
    /// <exception cref="ArgumentException">There is no path, or the schema has no such name.</exception>
    /// <exception cref="FileNotFoundException">A path names nothing.</exception>
    /// <exception cref="InvalidDataException">A folder has no files of rows, or a dataset is not described as it should
    /// be.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static async Task<InspectReport> RunAsync(
        InspectJobOptions options,
        IProgress<SelectionProgress>? progress = null,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        long start = Stopwatch.GetTimestamp();
        IReadOnlyList<string> paths = RowFiles.Resolve(options.Paths);
        ByteProgress? bytes = ByteProgress.Create(progress, paths);
        var duplicates = new DuplicateCounter();
        var files = new List<InspectedFile>();
        foreach (string path in paths)
        {
            var inspector = new FileInspector(path, ReaderOptions(options), duplicates);
            long before = files.Sum(file => file.Bytes);
            files.Add(
                await inspector
                    .RunAsync(bytes is null ? null : new OffsetProgress(bytes, before), cancellationToken)
                    .ConfigureAwait(false)
            );
        }

        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        double characters = files.Sum(file => file.Characters);
        double seconds =
            (2 * elapsed.TotalSeconds)
            + (characters == 0 ? 0 : FittingSeconds)
            + (characters / EmbeddedCharactersPerSecond / Environment.ProcessorCount);
        return new InspectReport(
            files,
            duplicates.Count,
            duplicates.IsExact,
            Embedders.EstimateMemory(new EmbedderOptions(), Environment.ProcessorCount),
            TimeSpan.FromSeconds(seconds),
            elapsed,
            RunRecord.PeakMemoryBytes
        );
    }

    private static RowReaderOptions ReaderOptions(InspectJobOptions options) =>
        new()
        {
            TextField = options.TextField,
            Schema = options.Schema,
            OnBadRow = BadRowPolicy.Skip,
            CellQuotes = options.CsvQuote,
            TakesTokenIds = true,
            MayBeEmpty = true,
            StandardInput = options.StandardInput,
        };

    private sealed class OffsetProgress(IProgress<long> progress, long offset) : IProgress<long>
    {
        public void Report(long value) => progress.Report(offset + value);
    }
}
