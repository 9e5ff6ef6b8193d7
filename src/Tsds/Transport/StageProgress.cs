namespace Tsds.Transport;

/// <summary>Passes a pool's count of scanned candidates on as progress of one stage.</summary>
internal sealed class StageProgress(IProgress<SelectionProgress> progress, SelectionStage stage, long total)
    : IProgress<long>
{
    public void Report(long value) => progress.Report(new SelectionProgress(stage, value, total));
}
