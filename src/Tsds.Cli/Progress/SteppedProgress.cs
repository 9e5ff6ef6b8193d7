namespace Tsds.Cli.Progress;

/// <summary>Reduces reports to the start and the end of each stage and a few in between.</summary>
/// <remarks>
/// A stage that comes back, as the solver asks for more, is not announced again: it only shows up in the steps.
/// </remarks>
internal sealed class SteppedProgress : IProgressDisplay, IProgress<SelectionProgress>
{
    private readonly IProgressLines _lines;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _lock = new();
    private readonly HashSet<SelectionStage> _announced = [];
    private SelectionProgress? _last;
    private bool _isFirstVisit;
    private long _stageStart;
    private long _passStart;
    private long _lastStep;

    public SteppedProgress(IProgressLines lines, TimeSpan interval, TimeProvider timeProvider)
    {
        _lines = lines;
        _interval = interval;
        _timeProvider = timeProvider;
    }

    public async Task<T> RunAsync<T>(Func<IProgress<SelectionProgress>, Task<T>> work)
    {
        T result = await work(this).ConfigureAwait(false);
        lock (_lock)
        {
            EndStage();
        }

        return result;
    }

    public void WriteLine(string line)
    {
        lock (_lock)
        {
            _lines.Say(line);
        }
    }

    public void Report(SelectionProgress value)
    {
        lock (_lock)
        {
            if (_last is not { } last || last.Stage != value.Stage)
            {
                EndStage();
                StartStage(value);
            }
            else
            {
                Step(last, value);
            }

            _last = value;
        }
    }

    private void StartStage(SelectionProgress value)
    {
        _stageStart = _passStart = _timeProvider.GetTimestamp();
        _isFirstVisit = _announced.Add(value.Stage);
        if (_isFirstVisit)
        {
            _lastStep = _stageStart;
            _lines.Start(value);
        }
    }

    private void Step(SelectionProgress last, SelectionProgress value)
    {
        if (StageText.IsNewPass(last, value))
        {
            // Nothing can be said of a pass before some of its time has gone by.
            _passStart = _timeProvider.GetTimestamp();
            return;
        }

        if (_timeProvider.GetElapsedTime(_lastStep) >= _interval)
        {
            _lastStep = _timeProvider.GetTimestamp();
            _lines.Step(value, _timeProvider.GetElapsedTime(_passStart));
        }
    }

    private void EndStage()
    {
        if (_last is { } last && _isFirstVisit)
        {
            _lines.End(last, _timeProvider.GetElapsedTime(_stageStart));
        }

        _last = null;
    }
}
