namespace Tsds.Numerics;

/// <summary>
/// Chooses, block by block, the stages of the cascade that are worth their cost, from the number of rows they have
/// ruled out so far.
/// </summary>
internal sealed class StageGauge
{
    /// <summary>
    /// The number of blocks between trials of all stages. Trials also follow the first 1, 2, 4, 8, ... blocks while
    /// limits settle; later ones are needed because pools change along the way.
    /// </summary>
    private const int TrialPeriod = 64;

    /// <summary>The share of pairs from which on no stage is worth its cost.</summary>
    private const double MostPairs = 0.75;

    /// <summary>The cost of a pair in addition to its own product, in units of depth of a panel.</summary>
    private const double PairCost = 6;

    /// <summary>The elements that are encoded in int8 at the cost of one unit of depth.</summary>
    private const double EncodedElements = 3;

    /// <summary>The cost of a row and panel in addition to the product itself, in units of depth.</summary>
    private const double TestCost = 14;

    /// <summary>
    /// The cost of completing and encoding a view for each of its elements, in elements of the embedding.
    /// </summary>
    private const double ViewCost = 64;

    private readonly double[] _viewCosts;
    private readonly double[] _tested;
    private readonly double[] _kept;
    private readonly double[] _keptPairs;
    private readonly bool _hasViews;
    private readonly double _pairCost;
    private readonly double[] _costs;
    private readonly bool[] _isActive;
    private readonly int _panelCount;
    private readonly int _width;
    private readonly bool _isForced;
    private readonly bool _isAutomatic;
    private double _groupsTested;
    private double _groupsKept;
    private bool _isTrial;
    private long _block;

    public StageGauge(ScanStage[] levels, int panelCount, int width, int dimension, ScanShortcuts shortcuts)
    {
        _panelCount = panelCount;
        _width = width;
        _isForced = shortcuts == ScanShortcuts.Always;
        _isAutomatic = shortcuts == ScanShortcuts.Automatic;
        _tested = new double[levels.Length];
        _kept = new double[levels.Length];
        _keptPairs = new double[levels.Length];
        _hasViews = levels[0].Axes is not null;
        _isActive = new bool[levels.Length];
        _costs = Array.ConvertAll(levels, level => level.UnitCount + TestCost);

        // A pair goes through registers of its own, which have to be loaded twice as often.
        _pairCost = (1.5 * levels[^1].UnitCount / width) + PairCost;

        // Coordinates cost as much as panels of axes do.
        _viewCosts = Array.ConvertAll(
            levels,
            level =>
                level.Precision == ScanPrecision.Int8 && level.Axes is null
                    ? dimension / EncodedElements
                    : level.AxisCount * (dimension + ViewCost) / 16.0
        );
    }

    /// <summary>Gets a value indicating whether panels are compared as groups first.</summary>
    public bool UsesGroups { get; private set; }

    /// <summary>
    /// Gets a value indicating whether so few pairs are ruled out that looking for them costs more than it saves.
    /// </summary>
    public bool KeepsMost { get; private set; }

    public int LevelCount => _isActive.Length;

    public bool IsActive(int level) => _isActive[level];

    public void Count(int level, int tested, int kept, int keptPairs)
    {
        _tested[level] += tested;
        _kept[level] += kept;
        _keptPairs[level] += keptPairs;
    }

    /// <summary>
    /// Determines whether the last stage costs less pair by pair than for the rows that they belong to.
    /// </summary>
    public bool PaysByPair(int rowCount, int pairCount) => pairCount * _pairCost < rowCount * _costs[^1];

    public void CountGroups(int tested, int kept)
    {
        _groupsTested += tested;
        _groupsKept += kept;
    }

    public void BeginBlock()
    {
        if (_isTrial && !_isForced)
        {
            Decide();
        }

        _isTrial = _isForced || _block % TrialPeriod == 0 || long.IsPow2(_block);
        if (_isTrial)
        {
            Array.Clear(_tested);
            Array.Clear(_kept);
            Array.Clear(_keptPairs);
            _groupsTested = 0;
            _groupsKept = 0;
            Array.Fill(_isActive, true);
            UsesGroups = _hasViews;
            KeepsMost = false;
        }

        _block++;
    }

    /// <summary>
    /// Chooses the stages from the last one up: a stage is used if the rows that it rules out would have cost the later
    /// ones more.
    /// </summary>
    private void Decide()
    {
        int last = LevelCount - 1;
        int head = last;
        double below = _costs[last];
        Span<int> next = stackalloc int[LevelCount];
        for (int level = last - 1; level >= 0; level--)
        {
            double tested = Math.Max(1, _tested[level]);
            double share = _tested[level] > 0 ? _kept[level] / tested : 1;
            double rest = share * below;
            next[level] = head;

            // Few pairs of many rows are better compared one by one than passed through more stages.
            if (_tested[level] > 0 && _keptPairs[level] / tested * _pairCost < rest)
            {
                rest = _keptPairs[level] / tested * _pairCost;
                next[level] = last;
            }

            double withLevel = _costs[level] + (_viewCosts[level] / _panelCount) + rest;
            if (withLevel < below)
            {
                below = withLevel;
                head = level;
            }
        }

        Array.Clear(_isActive);
        for (int level = head; level < last; level = next[level])
        {
            _isActive[level] = true;
        }

        _isActive[last] = true;
        KeepsMost = _isAutomatic && _keptPairs[last] > MostPairs * _tested[0] * _width;

        // A group costs a share of the shortest stage, and the views that it may be the only one to need.
        double groupShare = _groupsTested > 0 ? _groupsKept / _groupsTested : 1;
        double withGroups =
            ((_costs[0] + (4 * TestCost)) / _width)
            + (groupShare * below)
            + (_isActive[0] ? 0 : _viewCosts[0] / _panelCount);
        UsesGroups = _hasViews && withGroups < below;
    }
}
