using System.Diagnostics;

namespace Tsds.Explorer;

/// <summary>Passes progress on, at most ten times a second for one stage.</summary>
/// <param name="report">Receives the stage, and the share of it that is done where it is known.</param>
internal sealed class StageProgress(Action<string, double?> report)
    : IProgress<SelectionProgress>,
        IProgress<(string Stage, double Share)>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.1);

    private readonly Lock _gate = new();
    private string _stage = "";
    private long _last;

    /// <inheritdoc/>
    public void Report(SelectionProgress value) =>
        Report(
            value.Stage.ToString().ToLowerInvariant(),
            value.Total is > 0 and { } total ? Math.Min(1, (double)value.Done / total) : null
        );

    /// <inheritdoc/>
    public void Report((string Stage, double Share) value) => Report(value.Stage, value.Share);

    private void Report(string stage, double? share)
    {
        lock (_gate)
        {
            long now = Stopwatch.GetTimestamp();
            if (stage == _stage && Stopwatch.GetElapsedTime(_last, now) < Pause)
            {
                return;
            }

            (_stage, _last) = (stage, now);
        }

        report(stage, share);
    }
}
