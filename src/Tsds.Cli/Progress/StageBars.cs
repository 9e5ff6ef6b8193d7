using Spectre.Console;

namespace Tsds.Cli.Progress;

/// <summary>Keeps one bar per stage; a stage that passes over the pool again starts its bar again.</summary>
internal sealed class StageBars : IProgress<SelectionProgress>
{
    private readonly ProgressContext _context;
    private readonly Lock _lock = new();
    private readonly Dictionary<SelectionStage, ProgressTask> _bars = [];
    private SelectionStage? _current;

    public StageBars(ProgressContext context)
    {
        _context = context;
    }

    public void Report(SelectionProgress value)
    {
        lock (_lock)
        {
            if (_current != value.Stage)
            {
                CompleteCurrent();
                _current = value.Stage;
            }

            if (!_bars.TryGetValue(value.Stage, out ProgressTask? bar) || bar.IsFinished)
            {
                // A bar that was filled is done for Spectre; the next pass gets a new one.
                bar = _context.AddTask(StageText.Name(value.Stage));
                bar.Tag = value.Stage;
                _bars[value.Stage] = bar;
            }

            bar.IsIndeterminate = value.Total is null or <= 0;
            bar.MaxValue = value.Total is { } total and > 0 ? total : double.MaxValue;

            // A full bar would stop its clock; it is completed when the stage is left.
            bar.Value = Math.Min(value.Done, bar.MaxValue * (1 - 1e-9));
        }
    }

    public void Complete()
    {
        lock (_lock)
        {
            CompleteCurrent();
        }
    }

    private void CompleteCurrent()
    {
        if (_current is { } stage && _bars.TryGetValue(stage, out ProgressTask? bar))
        {
            bar.IsIndeterminate = false;
            bar.MaxValue = Math.Max(bar.Value, 1);
            bar.Value = bar.MaxValue;
            bar.StopTask();
        }
    }
}
