using System.Reflection;
using System.Text.Json;
using Tsds.Explorer.Wire;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Explore;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Verify;

namespace Tsds.Explorer;

/// <summary>Represents an open selection in the words that pages read.</summary>
internal sealed class OpenSelection : IDisposable
{
    /// <summary>The most rows whose texts are sent at once.</summary>
    public const int RowsPerRequest = 50;

    /// <summary>The most rows that a search lists.</summary>
    public const int SearchHits = 100_000;

    private const int CharactersPerRow = 4_000;
    private const int MostListed = 10_000;

    private readonly HashSet<string> _saved = new(StringComparer.Ordinal);
    private readonly RepeatOptions? _repeat;

    /// <summary>Initializes an open selection.</summary>
    /// <param name="explorer">The selection.</param>
    /// <param name="other">The folder of what is shown beside it, or null.</param>
    /// <param name="repeat">How selections are made again; null for the defaults.</param>
    public OpenSelection(SelectionExplorer explorer, string? other, RepeatOptions? repeat)
    {
        Explorer = explorer;
        _repeat = repeat;
        Columns = new RowColumns(explorer);
        Panels = new Panels(explorer);
        Changed = new ChangedSelection(explorer);
        Layers = other is null ? [] : SelectionLayer.Read(other, explorer);
    }

    /// <summary>Gets the selection.</summary>
    public SelectionExplorer Explorer { get; }

    /// <summary>Gets the columns that rows are colored by.</summary>
    public RowColumns Columns { get; }

    /// <summary>Gets the panels of rows and targets.</summary>
    public Panels Panels { get; }

    /// <summary>Gets the maker of new selections.</summary>
    public ChangedSelection Changed { get; }

    /// <summary>Gets the layers of rows that were chosen elsewhere.</summary>
    public IReadOnlyList<SelectionLayer> Layers { get; }

    /// <summary>Makes the selection of a plan in a new folder.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="progress">Receives progress.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<SelectionSummary> SaveAsync(
        ExploredPlan plan,
        string folder,
        IProgress<SelectionProgress> progress,
        CancellationToken cancellationToken
    )
    {
        SelectionSummary summary = await Explorer
            .AskAsync(() => Changed.SaveAsync(plan, folder, progress, cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        lock (_saved)
        {
            _saved.Add(folder);
        }

        return summary;
    }

    /// <summary>Verifies a selection that was saved here.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="KeyNotFoundException">It was not saved here.</exception>
    public async Task<VerifiedRecord> VerifyAsync(string folder, CancellationToken cancellationToken)
    {
        lock (_saved)
        {
            if (!_saved.Contains(folder))
            {
                throw new KeyNotFoundException("Expected a folder that was saved here, found another.");
            }
        }

        IReadOnlyList<VerificationCheck> checks = await Explorer
            .AskAsync(
                () => VerificationJob.RunAsync(SelectionManifest.Read(folder), _repeat, null, cancellationToken),
                cancellationToken
            )
            .ConfigureAwait(false);
        return new VerifiedRecord(checks.All(check => check.Agrees), checks);
    }

    /// <summary>Describes the selection.</summary>
    /// <param name="maps">Its maps.</param>
    public ViewRecord Describe(IReadOnlyList<ProjectionRecord> maps)
    {
        ExploredPlan plan = Explorer.Current;
        return new ViewRecord
        {
            Folder = Explorer.Changes.NameOf(Explorer.Manifest.Folder),
            Tool = typeof(OpenSelection)
                .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
                .InformationalVersion.Split('+')[0],
            Method = Explorer.Manifest.Method,
            Rows = Explorer.RowCount,
            Targets = Explorer.Inputs.Targets.Count,
            Chosen = plan.ChosenCount,
            Reached = Explorer.CanPlan ? plan.Outline.Reached.Length : plan.ChosenCount,
            Copies = Explorer.Inputs.Copies.Count,
            Excluded = Explorer.Inputs.Exclusion.HiddenIds.Length + Explorer.Inputs.Withheld.Excluded.Count,
            HasTexts = Explorer.Facts.Texts is not null,
            CanSearch = Explorer.Facts.Texts is not null,
            CanSearchNear = Explorer.CanEmbed,
            CanPlan = Explorer.CanPlan,
            CannotPlan = Explorer.CanPlan
                ? null
                : $"{Explorer.Manifest.Method} chose these rows without a plan; select with tsds to change it here.",
            Settings = SettingsOf(plan),
            Sources =
            [
                .. CountSources(plan.Chosen)
                    .Zip(CountSources(Enumerable.Range(0, Explorer.Facts.SourceOf.Count).Select(row => (long)row)))
                    .Select(
                        (counts, source) =>
                            new SourceRecord(Explorer.Facts.Sources[source], counts.Second, counts.First)
                    ),
            ],
            Columns =
            [
                .. Columns
                    .Describe()
                    .Select(column => new ColumnRecord(
                        column.Name,
                        column.Label,
                        column.Kind,
                        column.IsField,
                        column.Values,
                        column.Least,
                        column.Most
                    )),
            ],
            Projections = maps,
            Layers = [.. Layers.Select(layer => new LayerRecord(layer.Name, layer.Kind, layer.Chosen))],
            Limits = new LimitsRecord(
                RowsPerRequest,
                CharactersPerRow,
                ShownText.MostCharacters,
                SearchHits,
                PlanRequest.MostTargets
            ),
            Plan = plan.Id,
        };
    }

    /// <summary>Reads the beginnings of the texts of some rows.</summary>
    /// <param name="rows">The rows.</param>
    public RowsRecord ReadTexts(IReadOnlyList<long> rows)
    {
        List<RowTextRecord> texts = [];
        int left = ShownText.MostCharacters;
        foreach (long row in rows)
        {
            if (Explorer.Facts.Texts is not { } store)
            {
                texts.Add(new RowTextRecord(row, null, null, null, null, "", Cut: false));
                continue;
            }

            (string text, bool isCut) = store.ReadText(row, Math.Min(CharactersPerRow, left));
            (string file, long line) = Explorer.Facts.PlaceOf(row);
            left -= text.Length;
            texts.Add(new RowTextRecord(row, null, Explorer.Facts.SourceNameOf(row), file, line, text, isCut));
        }

        return new RowsRecord(texts);
    }

    /// <summary>Reads the beginnings of the texts of some targets.</summary>
    /// <param name="targets">The targets.</param>
    public TargetsRecord ReadTargets(IReadOnlyList<int> targets)
    {
        TargetInputs all = Explorer.Inputs.Targets;
        List<TargetTextRecord> texts = [];
        int left = ShownText.MostCharacters;
        foreach (int target in targets)
        {
            TargetRow? row = all.Rows?[target];
            string whole = row?.Text ?? "";
            string text = RowTexts.Cut(whole, Math.Min(CharactersPerRow, left));
            left -= text.Length;
            texts.Add(
                new TargetTextRecord(target, row?.Id, all.Tasks?.NameOf(target), text, text.Length < whole.Length)
            );
        }

        return new TargetsRecord(texts);
    }

    /// <summary>Reads what a page wants to be another way.</summary>
    /// <param name="query">What it sent.</param>
    /// <exception cref="ArgumentException">Something is out of its range.</exception>
    public static PlanRequest Read(PlanQuery query)
    {
        Budget budget = default;
        if (query.Budget is { } text && !Budget.TryParse(text, out budget))
        {
            throw new ArgumentException("Expected a budget such as 1000, 5% or 2Mtok, found something else.");
        }

        bool isAutomatic = query.Bandwidth is { ValueKind: JsonValueKind.String } word && word.GetString() == "auto";
        double? bandwidth = null;
        if (query.Bandwidth is { ValueKind: not JsonValueKind.Null } given && !isAutomatic)
        {
            bandwidth =
                given.ValueKind == JsonValueKind.Number && given.TryGetDouble(out double number) && number >= 0
                    ? number
                    : throw new ArgumentException("Expected a bandwidth that is not negative, or auto.");
        }

        if (query.Alpha is < 0 or > 1 or double.NaN || query.Relevance is < 0 or double.NaN)
        {
            throw new ArgumentException("Expected alpha from 0 to 1, and a relevance that is not negative.");
        }

        foreach (CapRecord cap in query.Caps ?? [])
        {
            if (!(cap is { Source.Length: > 0, Share: >= 0 and <= 1 }))
            {
                throw new ArgumentException("Expected caps of sources with shares from 0 to 1.");
            }
        }

        return new PlanRequest
        {
            Budget = query.Budget is null ? null : budget,
            Alpha = query.Alpha,
            Relevance = query.Relevance,
            Bandwidth = bandwidth,
            HasAutomaticBandwidth = isAutomatic,
            Exclude = query.Exclude ?? [],
            Keep = query.Keep ?? [],
            Targets = query.Targets ?? [],
            Caps = query.Caps is null ? null : [.. query.Caps.Select(cap => new ShareLimit(cap.Source, cap.Share))],
            WithoutTargets = query.WithoutTargets ?? [],
        };
    }

    /// <summary>Describes a plan and what it changes.</summary>
    /// <param name="plan">The plan.</param>
    public PlanAnswer Describe(ExploredPlan plan)
    {
        ExploredPlan before = Explorer.Current;
        SelectionResult result = plan.Transport!;
        long[] came = Listed(plan, before);
        long[] went = Listed(before, plan);
        HashSet<int> far = [.. plan.Outline.OutOfReach];
        ServedTarget[] targets =
        [
            .. Enumerable.Repeat(
                new ServedTarget(null, 0, OutOfReach: false),
                Explorer.Inputs.Targets.Count + plan.Request.Targets.Distinct().Count()
            ),
        ];
        for (int target = 0; target < result.Targets.Count; target++)
        {
            TargetReport report = result.Targets[target];
            targets[plan.OriginalOf(target)] = new ServedTarget(
                Panels.Finite(report.WaterLevel),
                report.NeighborsUsed,
                far.Contains(target)
            );
        }

        return new PlanAnswer
        {
            Plan = plan.Id,
            Chosen = plan.ChosenCount,
            Reached = result.Plan.CandidateIds.Length,
            Kept = plan.Inputs.Withheld.Kept.Count,
            Settings = SettingsOf(plan),
            TransportCost = result.TransportCost,
            ExpectedDistinct = result.ExpectedDistinct,
            EffectiveNeighbors = result.EffectiveNeighbors,
            Certified = result.Certificate.IsCertified,
            // Primal and dual are summed in another order; a difference below nothing is rounding.
            Gap = Math.Max(0, result.Certificate.RelativeGap),
            CameCount = came.Length,
            WentCount = went.Length,
            Came = [.. came.Take(MostListed)],
            Went = [.. went.Take(MostListed)],
            Sources = SourcesOf(before, plan, came, went),
            Targets = targets,
            Path =
            [
                .. result.Path.Select(point => new PathRecord(
                    point.Alpha,
                    Panels.Finite(point.Tradeoff),
                    point.EffectiveNeighbors,
                    point.TransportCost,
                    point.Support,
                    point.ExpectedDistinct
                )),
            ],
            Milliseconds = Math.Round(plan.Milliseconds, 1),
            Pairs = result.Plan.Entries.Length,
            Searches = plan.Searches,
            CanSave = plan.CanSave,
        };
    }

    /// <summary>Releases the selection.</summary>
    public void Dispose()
    {
        Columns.Dispose();
        Explorer.Dispose();
    }

    /// <summary>
    /// Returns the rows that one plan chose and another did not, those with the most probability first.
    /// </summary>
    private static long[] Listed(ExploredPlan plan, ExploredPlan other) =>
        [
            .. plan
                .Chosen.Where(row => !other.IsChosen(row))
                .OrderByDescending(row => plan.ShareOf(row)?.Probability ?? 0)
                .ThenBy(row => row),
        ];

    private SourceChange[] SourcesOf(ExploredPlan before, ExploredPlan after, long[] came, long[] went)
    {
        int[] old = CountSources(before.Chosen);
        int[] now = CountSources(after.Chosen);
        int[] arrived = CountSources(came);
        int[] gone = CountSources(went);
        return
        [
            .. Explorer.Facts.Sources.Select(
                (name, source) => new SourceChange(name, old[source], now[source], arrived[source], gone[source])
            ),
        ];
    }

    private int[] CountSources(IEnumerable<long> rows)
    {
        int[] counts = new int[Explorer.Facts.Sources.Count];
        if (counts.Length > 0)
        {
            foreach (long row in rows)
            {
                counts[Explorer.Facts.SourceOf[(int)row]]++;
            }
        }

        return counts;
    }

    private SettingsRecord SettingsOf(ExploredPlan plan)
    {
        SelectionSpec spec = plan.Spec;
        SelectionResult? result = plan.Transport;
        SolutionRecord? recorded = Explorer.Manifest.Record.Solution;
        return new SettingsRecord
        {
            Budget = spec.Budget.ToString(),
            BudgetRows = plan.Selection.Budget,
            Alpha = result?.Alpha ?? recorded?.Alpha,
            Relevance = Explorer.CanPlan ? spec.Relevance : null,
            Bandwidth = plan.Selection.Bandwidth,
            BandwidthAutomatic = spec.Bandwidth is null,
            Scale = result?.Scale ?? recorded?.Scale,
            ScaleAutomatic = spec.Scale is null && spec.EffectiveNeighbors is null,
            Regularizer = OptionNames.Of(spec.Regularizer),
            Sampling = OptionNames.Of(spec.Sampling),
            Seed = spec.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture),
            Copies = OptionNames.Of(spec.Copies),
            Caps = [.. spec.Caps.Where(cap => !cap.IsTask).Select(cap => new CapRecord(cap.Name, cap.Share))],
        };
    }
}
