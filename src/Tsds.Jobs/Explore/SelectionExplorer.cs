using System.Diagnostics;
using Tsds.Data.Files;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;

namespace Tsds.Jobs.Explore;

/// <summary>
/// Represents a selection whose inputs are held open, so that it is looked at and planned again in milliseconds: what
/// the pool was asked once it is not asked again.
/// </summary>
/// <remarks>
/// A plan is made by the code that selects, over a pool that remembers its answers, so it is the plan that
/// <c>tsds select</c> makes. Memory: neighbors and densities of <see cref="CachedPool"/>, about 40 bytes for each row,
/// and the last 16 plans. Plans are made one at a time.
/// </remarks>
internal sealed class SelectionExplorer : IDisposable
{
    private const int PlansKept = 16;

    private readonly RepeatedJob _repeated;
    private readonly JobContext _context;
    private readonly JobInputs _inputs;
    private readonly CountingPool _counter;
    private readonly SelectionSpec _spec;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly List<ExploredPlan> _plans = [];
    private readonly Dictionary<string, TargetInputs> _targets = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _proof;

    private SelectionExplorer(
        SelectionManifest manifest,
        RepeatedJob repeated,
        JobContext context,
        JobInputs inputs,
        CountingPool counter,
        RowFacts facts
    )
    {
        (Manifest, _repeated, _context, _inputs, _counter) = (manifest, repeated, context, inputs, counter);
        _spec = SpecOf(manifest, context.Spec);
        Facts = facts;
        Changes = new ChangedInputs(manifest, context.Options, inputs, Facts);
        Current = Recorded();
    }

    /// <summary>Gets the selection.</summary>
    public SelectionManifest Manifest { get; }

    /// <summary>Gets the facts that are known of each row.</summary>
    public RowFacts Facts { get; }

    /// <summary>Gets the files that changes are written to.</summary>
    public ChangedInputs Changes { get; }

    /// <summary>
    /// Gets the plan on disk: what its files tell of it, and the plan itself once it is proven.
    /// </summary>
    public ExploredPlan Current { get; private set; }

    /// <summary>Gets a task that ends when somebody asks for what only a proven plan tells.</summary>
    public Task Asked => _asked.Task;

    /// <summary>Gets the number of rows of the pool.</summary>
    public long RowCount => _inputs.Pool.Pool.Count;

    /// <summary>Gets the inputs, searched through a pool that remembers.</summary>
    public JobInputs Inputs => _inputs;

    /// <summary>Gets the job.</summary>
    public JobContext Context => _context;

    /// <summary>Gets a value indicating whether there is a plan that changes can be made to.</summary>
    public bool CanPlan => Manifest.Record.Solution is not null;

    /// <summary>Gets a value indicating whether sentences can be embedded as the pool is.</summary>
    public bool CanEmbed => _inputs.Pool.Embedder is not null;

    /// <summary>
    /// Opens a selection as its files tell it; that its inputs make it is for <see cref="ProveAsync"/>.
    /// </summary>
    /// <param name="manifest">The selection.</param>
    /// <param name="options">Where its inputs are; null for the defaults.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="IOException">An input is missing or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The inputs are others than those of the selection.</exception>
    public static async Task<SelectionExplorer> OpenAsync(
        SelectionManifest manifest,
        RepeatOptions? options,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        RepeatedJob repeated = RepeatedJob.Of(manifest, options);
        StagedFolder? scratch = null;
        JobInputs? inputs = null;
        RowFacts? facts = null;
        try
        {
            scratch = StagedFolder.Create(repeated.Options.Output, force: false, SelectionFiles.Names);
            JobContext context = new()
            {
                Options = repeated.Options,
                Files = JobFiles.Resolve(repeated.Options),
                Scratch = scratch,
                Progress = progress,
                Cancellation = cancellationToken,
            };
            inputs = await JobInputs.OpenAsync(context).ConfigureAwait(false);
            CountingPool counter = new(inputs.Reference);
            inputs = inputs.Through(new CachedPool(counter));
            facts = RowFacts.Read(context, inputs.Pool.Rows);
            return new SelectionExplorer(manifest, repeated, context, inputs, counter, facts);
        }
        catch
        {
            facts?.Dispose();
            inputs?.Dispose();
            scratch?.Dispose();
            repeated.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Solves the plan on disk once more, the first time that it is asked for: what it holds beyond its files is known
    /// then, and that the inputs are those of the selection.
    /// </summary>
    /// <param name="cancellationToken">Stops the wait, not the solving.</param>
    /// <exception cref="InvalidDataException">The inputs are others than those of the selection.</exception>
    public Task ProveAsync(CancellationToken cancellationToken) =>
        CanPlan && _proof is not { IsCompletedSuccessfully: true }
            ? AskAsync(() => Task.FromResult(true), cancellationToken)
            : Task.CompletedTask;

    /// <summary>Makes a plan, or finds it where it was made before.</summary>
    /// <param name="request">What is to be another way than on disk.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ArgumentException">The request names what there is not.</exception>
    /// <exception cref="InvalidOperationException">There is no such plan; the message says what would be.</exception>
    public async Task<ExploredPlan> PlanAsync(PlanRequest request, CancellationToken cancellationToken)
    {
        if (!CanPlan)
        {
            throw new InvalidOperationException(
                $"Expected a selection by optimal transport, found one by {Manifest.Method}, which has no plan to "
                    + $"change."
            );
        }

        request.Require(RowCount, _inputs.Targets.Count, hasSources: Facts.Texts is not null);
        string id = request.Id;
        return await AskAsync(
                async () =>
                {
                    if (FindPlan(id) is { } known)
                    {
                        return known;
                    }

                    ExploredPlan plan = await SolveAsync(id, request, cancellationToken).ConfigureAwait(false);
                    lock (_plans)
                    {
                        _plans.Add(plan);
                        if (_plans.Count > PlansKept)
                        {
                            _plans.RemoveAt(0);
                        }
                    }

                    return plan;
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <summary>Finds a plan that was made.</summary>
    /// <param name="id">Its name.</param>
    /// <returns>The plan, or null where it was not made or is not kept any more.</returns>
    public ExploredPlan? FindPlan(string id)
    {
        lock (_plans)
        {
            return id == ExploredPlan.First ? Current : _plans.Find(plan => plan.Id == id);
        }
    }

    /// <summary>Runs a question to the pool when no plan is being made, after the plan on disk was proven.</summary>
    /// <param name="question">The question.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<T> AskAsync<T>(Func<Task<T>> question, CancellationToken cancellationToken)
    {
        _asked.TrySetResult();
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await (_proof ??= SolveFirstAsync()).ConfigureAwait(false);
            return await question().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gets the specification of a plan, without the files that name rows.</summary>
    /// <param name="request">What is to be another way.</param>
    public SelectionSpec Change(PlanRequest request)
    {
        SelectionSpec spec = _spec with
        {
            Budget = request.Budget ?? _spec.Budget,
            Caps = request.Caps is { } caps ? [.. _spec.Caps.Where(cap => cap.IsTask), .. caps] : _spec.Caps,
        };
        if (request.Alpha is { } alpha)
        {
            spec = spec with { Alpha = alpha, EffectiveNeighbors = null };
        }

        if (request.Relevance is { } relevance)
        {
            spec = spec with { Relevance = relevance };
        }

        if (request.Bandwidth is { } || request.HasAutomaticBandwidth)
        {
            spec = spec with { Bandwidth = request.Bandwidth };
        }
        else if (
            request.WithoutTargets.Count + request.Targets.Count > 0
            && spec.Bandwidth is null
            && Current.Selection.Bandwidth > 0
        )
        {
            // An automatic one would follow the targets, and what is seen would not be their doing alone.
            spec = spec with
            {
                Bandwidth = Current.Selection.Bandwidth,
            };
        }

        return spec;
    }

    /// <summary>Releases the pool and the files beside it.</summary>
    public void Dispose()
    {
        Facts.Dispose();
        _inputs.Dispose();
        _context.Scratch.Dispose();
        _repeated.Dispose();
        _turn.Dispose();
    }

    /// <summary>
    /// Returns a specification in which what the data chose is a number, so that it is not chosen again.
    /// </summary>
    private static SelectionSpec SpecOf(SelectionManifest manifest, SelectionSpec spec)
    {
        ManifestOptions? chosen = manifest.Record.Options;
        spec = spec is { TunesAlpha: true } ? spec with { Alpha = chosen?.Alpha ?? 0.5 } : spec;
        spec = spec is { TunesRelevance: true } ? spec with { Relevance = chosen?.Relevance ?? 0 } : spec;

        // An embedder that was chosen by the targets stays when they change.
        return spec is { Embedder.IsAuto: true } && manifest.Record.Embedding is { } embedding
            ? spec with
            {
                Embedder = spec.Embedder with { Name = embedding.Embedder },
            }
            : spec;
    }

    private async Task SolveFirstAsync()
    {
        if (!CanPlan)
        {
            return;
        }

        LineageRecord[] lines = [.. LineageFile.ReadLineage(Manifest.Folder)];
        LineageRecord[] dense = [.. lines.Where(line => line.Density is not null && line.Row < RowCount)];
        _counter.Recall(
            new KnownDensities(
                Manifest.Record.Options?.Bandwidth ?? 0,
                Array.ConvertAll(dense, line => line.Row),
                Array.ConvertAll(dense, line => line.Density!.Value)
            )
        );
        ExploredPlan plan = await SolveAsync(ExploredPlan.First, new PlanRequest(), _context.Cancellation)
            .ConfigureAwait(false);

        // Other plans may see the pool otherwise, and have other densities.
        _counter.Recall(null);
        HashSet<long> recorded = [.. lines.Where(line => line.Count > 0).Select(line => line.Row)];
        Current = recorded.SetEquals(plan.Selection.Rows.ToArray()) ? plan : throw OtherInputs();
    }

    private InvalidDataException OtherInputs() =>
        new(
            $"Expected the inputs of the selection in {Manifest.Folder}, found others, from which other rows are "
                + $"selected; 'tsds verify {Manifest.Folder}' says which, and 'tsds select' selects again."
        );

    /// <summary>Returns what the files of the selection tell of its rows and targets.</summary>
    /// <exception cref="InvalidDataException">They tell of rows or targets that there are not.</exception>
    private ExploredPlan Recorded()
    {
        LineageRecord[] reached = [.. LineageFile.ReadLineage(Manifest.Folder)];
        LineageRecord[] lines = Array.FindAll(reached, line => line.Count > 0);
        TargetRecord[] targets = [.. LineageFile.ReadTargets(Manifest.Folder)];
        if (reached.Any(line => line.Row >= RowCount) || targets.Length != _inputs.Targets.Count)
        {
            throw OtherInputs();
        }

        Selection selection = new()
        {
            Rows = Array.ConvertAll(lines, line => line.Row),
            Counts = Array.ConvertAll(lines, line => line.Count),
            Budget = Manifest.Record.Selection?.Budget ?? lines.Length,
            Bandwidth = Manifest.Record.Options?.Bandwidth ?? 0,
            NearestDistances = [.. targets.Select(target => target.NearestDistance)],
            SelectedDistances = [.. targets.Select(target => target.SelectedDistance ?? 0)],
        };
        return new ExploredPlan(ExploredPlan.First, new PlanRequest(), _spec, _inputs, selection)
        {
            Outline = CanPlan ? PlanOutline.Of(reached, targets) : PlanOutline.None,
        };
    }

    private async Task<ExploredPlan> SolveAsync(string id, PlanRequest request, CancellationToken cancellationToken)
    {
        long before = _counter.Answers;
        Stopwatch clock = Stopwatch.StartNew();
        SelectionSpec spec = Change(request);
        TargetInputs targets = await TargetsOfAsync(request, cancellationToken).ConfigureAwait(false);
        int[]? originals = null;
        if (request.WithoutTargets.Count > 0)
        {
            int all = _inputs.Targets.Count + request.Targets.Distinct().Count();
            originals = [.. Enumerable.Range(0, all).Except(request.WithoutTargets)];
            targets = Changes.CanRewriteTargets ? targets : targets.Only(originals);
        }

        // Named rows are there already where the selection names some; what is asked for comes on top.
        JobInputs inputs = _inputs.With(targets).Withhold(request.Exclude, request.Keep);
        if (inputs.Candidates.Count < 1)
        {
            throw new InvalidOperationException("Expected rows that may be chosen, found that none is left.");
        }

        JobContext context = _context with
        {
            Options = _context.Options with { Spec = spec },
            Progress = null,
            Cancellation = cancellationToken,
        };
        Selection selection = await BoundedSelection
            .RunAsync(context, inputs, Facts.Texts is null ? null : ReachedOf)
            .ConfigureAwait(false);
        return new ExploredPlan(id, request, spec, inputs, selection)
        {
            Milliseconds = clock.Elapsed.TotalMilliseconds,
            Searches = _counter.Answers - before,
            OriginalTargets = originals,
            CanSave = originals is null || Changes.CanRewriteTargets,
        };
    }

    private ReachedRows ReachedOf(ReadOnlyMemory<long> rows)
    {
        long[] tokens = new long[rows.Length];
        string[] sources = new string[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            int row = checked((int)rows.Span[i]);
            tokens[i] = Facts.Tokens.Count > 0 ? Facts.Tokens[row] : 0;
            sources[i] = Facts.Sources[Facts.SourceOf[row]];
        }

        return new ReachedRows(tokens, sources, Facts.HasExactTokens);
    }

    private async Task<TargetInputs> TargetsOfAsync(PlanRequest request, CancellationToken cancellationToken)
    {
        SelectionSpec spec = Changes.ChangeTargets(_spec, request);
        if (ReferenceEquals(spec, _spec))
        {
            return _inputs.Targets;
        }

        string key = string.Join('\n', [.. spec.Targets, "", .. spec.TargetVectors]);
        if (!_targets.TryGetValue(key, out TargetInputs? targets))
        {
            SelectionJobOptions options = _context.Options with { Spec = spec };
            JobContext context = _context with
            {
                Options = options,
                Files = JobFiles.Resolve(options),
                Progress = null,
                Cancellation = cancellationToken,
            };
            TargetRows? rows = TargetRows.Read(context, context.Files.TargetFiles);
            targets = await TargetInputs.OpenAsync(context, _inputs.Pool, rows).ConfigureAwait(false);
            _targets[key] = targets;
        }

        return targets;
    }
}
