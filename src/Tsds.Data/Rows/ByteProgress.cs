using Tsds.Data.Files;

namespace Tsds.Data.Rows;

/// <summary>Reports the bytes that a reader has consumed as progress of the reading stage.</summary>
internal sealed class ByteProgress : IProgress<long>
{
    private readonly IProgress<SelectionProgress> _progress;
    private readonly long? _total;

    private ByteProgress(IProgress<SelectionProgress> progress, long? total)
    {
        _progress = progress;
        _total = total;
    }

    /// <summary>Creates the progress of a pass over files.</summary>
    /// <param name="progress">Receives it; null where nobody listens.</param>
    /// <param name="paths">The files, where they are opened.</param>
    public static ByteProgress? Create(IProgress<SelectionProgress>? progress, IReadOnlyList<string> paths) =>
        progress is null
            ? null
            : new ByteProgress(
                progress,
                paths.Contains(RowFiles.StandardInput) ? null : paths.Sum(path => FileSources.LengthOf(path))
            );

    public void Report(long value) => _progress.Report(new SelectionProgress(SelectionStage.Reading, value, _total));
}
