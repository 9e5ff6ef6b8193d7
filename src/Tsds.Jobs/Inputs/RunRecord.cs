using System.Diagnostics;

namespace Tsds.Jobs.Inputs;

/// <summary>The resources of a run: wall time by stage and peak memory.</summary>
internal sealed class RunRecord
{
    private readonly List<KeyValuePair<string, double>> _timings = [];
    private readonly Stopwatch _total = Stopwatch.StartNew();
    private double _previous;

    public TimeSpan Elapsed => _total.Elapsed;

    /// <summary>Gets the peak resident memory of the process so far, mapped file pages included.</summary>
    public static long PeakMemoryBytes
    {
        get
        {
            using Process process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>Ends a stage; the time since the last one is counted for it.</summary>
    public void EndStage(string name)
    {
        double now = _total.Elapsed.TotalSeconds;
        _timings.Add(KeyValuePair.Create(name, now - _previous));
        _previous = now;
    }

    /// <summary>Returns the seconds by stage, and in all.</summary>
    public OrderedDictionary<string, double> Seconds() =>
        new(
            _timings
                .Append(KeyValuePair.Create("total", Elapsed.TotalSeconds))
                .Select(stage => KeyValuePair.Create(stage.Key, Math.Round(stage.Value, 3)))
        );
}
