namespace Tsds.Cli.Progress;

/// <summary>Thins reports out to the start and the end of each stage and a few in between.</summary>
internal sealed class SteppedProgress : IProgressDisplay, IProgress<SelectionProgress>
{
    private readonly IProgressLines _lines;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _timeProvider;
    private readonly Lock _lock = new();
    private SelectionProgress? _last;
    private long _stageStart;
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

    public void Report(SelectionProgress value)
    {
        lock (_lock)
        {
            if (_last?.Stage != value.Stage)
            {
                EndStage();
                _stageStart = _lastStep = _timeProvider.GetTimestamp();
                _lines.Start(value);
            }
            else if (_timeProvider.GetElapsedTime(_lastStep) >= _interval)
            {
                _lastStep = _timeProvider.GetTimestamp();
                _lines.Step(value, _timeProvider.GetElapsedTime(_stageStart));
            }

            _last = value;
        }
    }

    private void EndStage()
    {
        if (_last is { } last)
        {
            _lines.End(last, _timeProvider.GetElapsedTime(_stageStart));
            _last = null;
        }
    }
}
