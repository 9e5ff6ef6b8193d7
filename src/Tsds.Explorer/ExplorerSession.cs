using System.Text.Json;
using Tsds.Explorer.Wire;
using Tsds.Jobs.Explore;

namespace Tsds.Explorer;

/// <summary>
/// Represents the selection that is served: opened while the page waits, then its maps, one after another.
/// </summary>
internal sealed class ExplorerSession : IAsyncDisposable
{
    private const double RowsDrawnPerSecond = 250_000;

    private static readonly TimeSpan PagePatience = TimeSpan.FromSeconds(10);

    private readonly ExplorerOptions _options;
    private readonly TaskCompletionSource _shown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, Projection> _maps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProjectionRecord> _states = new(StringComparer.Ordinal);
    private Task _work = Task.CompletedTask;

    /// <summary>Initializes a session.</summary>
    /// <param name="options">What is served.</param>
    public ExplorerSession(ExplorerOptions options) => _options = options;

    /// <summary>Gets the events that pages listen to.</summary>
    public EventHub Events { get; } = new();

    /// <summary>Gets the token that ends what the session does.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Gets the open selection; null before.</summary>
    public OpenSelection? Open { get; private set; }

    /// <summary>Gets how far the opening is.</summary>
    public OpeningRecord Opening { get; private set; } = new("opening", null, Done: false, null);

    /// <summary>Gets the maps and how far they are.</summary>
    public IReadOnlyList<ProjectionRecord> Maps
    {
        get
        {
            lock (_maps)
            {
                return [.. _states.Values];
            }
        }
    }

    /// <summary>Begins to open the selection.</summary>
    public void Start() => _work = Task.Run(RunAsync);

    /// <summary>Waits until the selection is open, or cannot be opened.</summary>
    /// <exception cref="Exception">It cannot be opened.</exception>
    public Task WaitAsync() => _work;

    /// <summary>Finds a map.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The map, or null where it is not ready.</returns>
    public Projection? FindMap(string name)
    {
        lock (_maps)
        {
            return _maps.GetValueOrDefault(name);
        }
    }

    /// <summary>Ends the wait for a page that has the points of the first map.</summary>
    public void Show() => _shown.TrySetResult();

    /// <summary>Stops everything and releases the selection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Open?.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            Report(AxesProjection.Name, "waiting");
            Report(NeighborProjection.Name, "waiting");
            SelectionExplorer explorer = await SelectionExplorer
                .OpenAsync(
                    _options.Selection,
                    _options.Repeat,
                    new StageProgress(
                        (stage, share) => Announce(new OpeningRecord(stage, share, Done: false, Error: null))
                    ),
                    _stop.Token
                )
                .ConfigureAwait(false);
            OpenSelection open = new(explorer, _options.Other, _options.Repeat);
            Open = open;
            await MakeAsync(AxesProjection.Name, _ => AxesProjection.ReadOrCreateAsync(explorer, _stop.Token))
                .ConfigureAwait(false);
            Announce(new OpeningRecord("open", 1, Done: true, Error: null));

            // The map is drawn meanwhile; who asks for more than it shows is not kept waiting.
            await Task.WhenAny(explorer.Asked, Task.Delay(PagePatience, _stop.Token)).ConfigureAwait(false);
            await explorer.ProveAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            Announce(Opening with { Error = exception.Message });
            throw;
        }

        await LeavePageFirstAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await MakeAsync(
                NeighborProjection.Name,
                progress => NeighborProjection.ReadOrCreateAsync(Open!.Explorer, progress, _stop.Token)
            )
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Waits until a page has drawn its first map, if one comes: the next map takes every processor, and so does
    /// drawing in software.
    /// </summary>
    private async Task LeavePageFirstAsync()
    {
        await Task.WhenAny(_shown.Task, Task.Delay(PagePatience, _stop.Token)).ConfigureAwait(false);
        await Task.Delay(TimeSpan.FromSeconds(Open!.Explorer.RowCount / RowsDrawnPerSecond), _stop.Token)
            .ConfigureAwait(false);
    }

    private async Task MakeAsync(string name, Func<IProgress<(string Stage, double Share)>, Task<Projection>> make)
    {
        try
        {
            Report(name, "working");
            StageProgress progress = new((stage, share) => Report(name, "working", stage, share));
            Projection map = await make(progress).ConfigureAwait(false);
            lock (_maps)
            {
                _maps[name] = map;
            }

            Report(name, "ready");
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Report(name, "failed", error: "stopped");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The page works with the other map.
            Report(name, "failed", error: exception.Message);
        }
    }

    private void Report(string name, string state, string? stage = null, double? share = null, string? error = null)
    {
        ProjectionRecord record = new(name, state, stage, share, error);
        lock (_maps)
        {
            _states[name] = record;
        }

        Events.Send(
            "projection",
            $"projection {name}",
            JsonSerializer.Serialize(record, ExplorerJson.Default.ProjectionRecord)
        );
    }

    private void Announce(OpeningRecord record)
    {
        Opening = record;
        Events.Send("opening", "opening", JsonSerializer.Serialize(record, ExplorerJson.Default.OpeningRecord));
    }
}
