using Spectre.Console;

namespace Tsds.Cli.Progress;

/// <summary>Keeps one bar per stage. If a stage passes over the pool again, a new bar replaces its old one.</summary>
internal sealed class StageBars : IProgress<SelectionProgress>
{
    private readonly ProgressContext _context;
    private readonly Lock _lock = new();
    private readonly Dictionary<SelectionStage, ProgressTask> _bars = [];
    private SelectionProgress? _last;

    public StageBars(ProgressContext context)
    {
        _context = context;
    }

    public void Report(SelectionProgress value)
    {
        lock (_lock)
        {
            bool isNewPass = _last is not { } last || last.Stage != value.Stage || StageText.IsNewPass(last, value);
            ProgressTask bar = isNewPass ? StartBar(value.Stage) : _bars[value.Stage];
            bar.IsIndeterminate = value.Total is null or <= 0;
            bar.MaxValue = value.Total is { } total and > 0 ? total : double.MaxValue;

            // A full bar would stop its clock; it is filled when the stage is left.
            bar.Value = Math.Min(value.Done, bar.MaxValue * (1 - 1e-9));
            _last = value;
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            CompleteLast();
        }
    }

    private ProgressTask StartBar(SelectionStage stage)
    {
        CompleteLast();
        if (_bars.TryGetValue(stage, out ProgressTask? old))
        {
            old.HideWhenCompleted = true;
        }

        ProgressTask bar = _context.AddTask(StageText.Name(stage));
        bar.Tag = stage;
        _bars[stage] = bar;
        return bar;
    }

    private void CompleteLast()
    {
        if (_last is { } last)
        {
            ProgressTask bar = _bars[last.Stage];
            bar.IsIndeterminate = false;
            bar.MaxValue = Math.Max(bar.Value, 1);
            bar.Value = bar.MaxValue;
            bar.StopTask();
        }
    }
}
