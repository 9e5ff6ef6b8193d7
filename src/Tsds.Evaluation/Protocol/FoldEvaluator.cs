using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Protocol;

/// <summary>Judges selections by the held-out targets of one fold.</summary>
internal sealed class FoldEvaluator
{
    private readonly EvaluationContext _context;
    private readonly HeldOutTargets _targets;
    private readonly RowSet _oracle;
    private readonly List<IHeldOutMetrics> _metrics;

    /// <summary>
    /// Replicates of random selections and real targets at the sizes seen so far; they are the same for every method of
    /// that size.
    /// </summary>
    private readonly Dictionary<(bool IsRandom, int Group, int Rows, long Words), double[][]> _references = [];

    public FoldEvaluator(EvaluationContext context, TargetFold fold, string[] groups)
    {
        _context = context;
        EvaluatorOptions options = context.Options;
        RowSet heldOut = context.ToRowSet(fold.HeldOut);
        double[] shares = [.. fold.HeldOut.Select(target => context.Data.TargetWeights?[target] ?? 1)];
        _targets = new HeldOutTargets(
            heldOut,
            [.. fold.HeldOut.Select(target => groups[target])],
            shares,
            options.ResampleCount,
            options.Seed,
            options.ThreadCount
        );
        _oracle = context.ToRowSet(fold.Oracle);
        _metrics = CreateMetrics(TasksOf(context.Data, fold));
    }

    public async Task<Scorecard> EvaluateAsync(
        string method,
        SelectedRows selection,
        CancellationToken cancellationToken
    )
    {
        RowSet rows = await _context.ReadAsync(selection, cancellationToken).ConfigureAwait(false);
        SampleSizes whole = new(
            Math.Min(rows.Count, _context.Options.LargestSample),
            Math.Min(_context.WordCount, rows.WordCount)
        );
        int randomRows = _context.Random.Min(random => random.Count);
        long randomWords = _context.Random.Min(random => random.WordCount);
        SampleSizes shared = new(
            Math.Min(Math.Min(whole.Rows, _oracle.Count), randomRows),
            Math.Min(Math.Min(whole.Words, _oracle.WordCount), randomWords)
        );
        List<MetricValue> values = [];
        for (int group = 0; group < _metrics.Count; group++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            values.AddRange(Evaluate(group, rows, whole, shared));
        }

        values.AddRange(
            await CompositionMetrics
                .MeasureAsync(_context, selection, rows, _targets.Rows, cancellationToken)
                .ConfigureAwait(false)
        );
        return new Scorecard
        {
            Method = method,
            SampleSize = whole.Rows,
            SkillSampleSize = shared.Rows,
            WordCount = whole.Words,
            SkillWordCount = shared.Words,
            Metrics = values,
        };
    }

    /// <summary>
    /// Returns the tasks of the held-out targets; null if all targets, those of other folds too, belong to one.
    /// </summary>
    private static int[]? TasksOf(EvaluationData data, TargetFold fold) =>
        data.TargetTasks is { } tasks && tasks.Distinct().Skip(1).Any()
            ? [.. fold.HeldOut.Select(target => tasks[target])]
            : null;

    private List<IHeldOutMetrics> CreateMetrics(int[]? tasks)
    {
        List<IHeldOutMetrics> metrics = [new TransportMetrics(isSquared: false), new CoverageMetrics()];
        if (_context.Pool is { Vocabulary: { } vocabulary, Ngrams: { } ngrams })
        {
            metrics.Add(new NgramMetrics(ngrams, tasks));
            metrics.Add(new LanguageModelMetrics(vocabulary.PredictableCount));
        }

        int threadCount = _context.Options.ThreadCount;
        metrics.Add(
            new PairMetrics(
                "maximumMeanDiscrepancySquared",
                PairKernel.Gaussian(_context.Pool.MedianDistance),
                _targets,
                threadCount
            )
        );
        metrics.Add(new PairMetrics("energyDistance", PairKernel.Energy, _targets, threadCount));
        if (_context.Options.IsDetailed)
        {
            metrics.Add(new TransportMetrics(isSquared: true));
            metrics.Add(new DetailMetrics(_context.Options.Seed));
        }

        return metrics;
    }

    private IEnumerable<MetricValue> Evaluate(int group, RowSet rows, SampleSizes whole, SampleSizes shared)
    {
        IHeldOutMetrics metrics = _metrics[group];
        double[][][] own = Repeat(metrics, rows, whole);
        double[][][] equal = shared == whole ? own : Repeat(metrics, rows, shared);

        double[][] randomBeside = Reference(
            isRandom: true,
            group,
            whole with
            {
                Rows = Math.Min(whole.Rows, _context.Random.Min(random => random.Count)),
            }
        );
        double[][] random = Reference(isRandom: true, group, shared);
        double[][] oracle = Reference(isRandom: false, group, shared);
        for (int i = 0; i < metrics.Definitions.Count; i++)
        {
            (string name, MetricDirection better) = metrics.Definitions[i];
            double skill = Skill(random[i][0], equal.Average(repeat => repeat[i][0]), oracle[i][0], better);
            yield return new MetricValue
            {
                Name = name,
                Better = better,
                Value = own.Average(repeat => repeat[i][0]),
                Replicates = Replicates(own, i),
                Random = randomBeside[i][0],
                Skill = double.IsNaN(skill) ? null : skill,
                SkillReplicates =
                [
                    .. Replicates(equal, i)
                        .Select((value, r) => Skill(random[i][r + 1], value, oracle[i][r + 1], better)),
                ],
            };
        }
    }

    /// <summary>Returns (random − value)/(random − oracle); NaN if the oracle is no better than random rows.</summary>
    private static double Skill(double random, double value, double oracle, MetricDirection better) =>
        better switch
        {
            MetricDirection.Smaller when random > oracle => (random - value) / (random - oracle),
            MetricDirection.Larger when oracle > random => (value - random) / (oracle - random),
            _ => double.NaN,
        };

    /// <summary>
    /// Returns the value of each resample r, computed on subsample r modulo their number, so that the spread holds both
    /// sources of variation.
    /// </summary>
    private double[] Replicates(double[][][] repeats, int metric) =>
        [
            .. Enumerable
                .Range(1, _targets.ResampleCount)
                .Select(resample => repeats[resample % repeats.Length][metric][resample]),
        ];

    /// <summary>
    /// Returns the mean over random selections, or over subsamples of real targets, by metric and resample.
    /// </summary>
    private double[][] Reference(bool isRandom, int group, SampleSizes sizes)
    {
        IHeldOutMetrics metrics = _metrics[group];
        (bool, int, int, long) key = (
            isRandom,
            group,
            metrics.CountsWords ? 0 : sizes.Rows,
            metrics.CountsWords ? sizes.Words : 0
        );
        if (!_references.TryGetValue(key, out double[][]? means))
        {
            double[][][] repeats = isRandom
                ? [.. _context.Random.Select(random => Measure(metrics, random, 0, sizes))]
                : Repeat(metrics, _oracle, sizes);
            means =
            [
                .. metrics.Definitions.Select(
                    (_, i) =>
                        Enumerable
                            .Range(0, _targets.ResampleCount + 1)
                            .Select(resample => repeats.Average(repeat => repeat[i][resample]))
                            .ToArray()
                ),
            ];
            _references.Add(key, means);
        }

        return means;
    }

    /// <summary>
    /// Returns values by repeat, metric and resample; a single repeat if a subsample would be the whole set.
    /// </summary>
    private double[][][] Repeat(IHeldOutMetrics metrics, RowSet rows, SampleSizes sizes)
    {
        bool isWhole = metrics.CountsWords ? sizes.Words == rows.WordCount : sizes.Rows == rows.Count;
        return
        [
            .. Enumerable
                .Range(0, isWhole ? 1 : _context.Options.RepeatCount)
                .Select(repeat => Measure(metrics, rows, repeat, sizes)),
        ];
    }

    private double[][] Measure(IHeldOutMetrics metrics, RowSet rows, int repeat, SampleSizes sizes)
    {
        int size = Math.Min(sizes.Rows, rows.Count);
        Subsample subsample = new(
            rows,
            _targets,
            rows.Shuffle(_context.Options.Seed, repeat),
            size,
            sizes.Words,
            _context.Options.ThreadCount
        );
        return
        [
            .. metrics
                .Prepare(subsample)
                .Select(value => Enumerable.Range(0, _targets.ResampleCount + 1).Select(value).ToArray()),
        ];
    }

    private readonly record struct SampleSizes(int Rows, long Words);
}
