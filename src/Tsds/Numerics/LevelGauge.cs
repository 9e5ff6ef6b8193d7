namespace Tsds.Numerics;

/// <summary>Decides, block by block, which levels of the cascade are worth their cost, from how many rows they have ruled out so far.</summary>
internal sealed class LevelGauge
{
    /// <summary>Blocks in which everything is tried, at the beginning and then now and again: pools change along the way.</summary>
    private const int TrialBlocks = 4;
    private const int TrialPeriod = 128;

    /// <summary>What a row and panel cost beside the product itself, in units of depth.</summary>
    private const double TestCost = 8;

    private readonly double[] _tested;
    private readonly double[] _kept;
    private readonly double[] _costs;
    private readonly double[] _viewCosts;
    private readonly bool[] _isActive;
    private readonly int _panelCount;
    private readonly bool _isForced;
    private long _block;

    public LevelGauge(ScanLevel[] levels, ScanPrecision precision, int panelCount, int dimension, ScanShortcuts shortcuts)
    {
        _panelCount = panelCount;
        _isForced = shortcuts == ScanShortcuts.Always;
        _tested = new double[levels.Length];
        _kept = new double[levels.Length];
        _isActive = new bool[levels.Length];
        _costs = Array.ConvertAll(levels, level => LevelEncoding.UnitCount(precision, level.Dimension) + TestCost);

        // Coordinates cost as much as panels of axes in float32 do.
        _viewCosts = Array.ConvertAll(levels, level => level.AxisCount * dimension / 16.0);
    }

    public int LevelCount => _isActive.Length;

    public bool IsActive(int level) => _isActive[level];

    public void Count(int level, int tested, int kept)
    {
        _tested[level] += tested;
        _kept[level] += kept;
    }

    public void BeginBlock()
    {
        bool isTrial = _isForced || _block % TrialPeriod < TrialBlocks;
        if (_block % TrialPeriod == 0)
        {
            Array.Clear(_tested);
            Array.Clear(_kept);
        }

        if (isTrial)
        {
            Array.Fill(_isActive, true);
        }
        else if (_block % TrialPeriod == TrialBlocks)
        {
            Decide();
        }

        _block++;
    }

    /// <summary>From the last level up: a level stays if the rows that it rules out would have cost the ones below it more.</summary>
    private void Decide()
    {
        double below = _costs[^1];
        for (int level = LevelCount - 2; level >= 0; level--)
        {
            double share = _tested[level] > 0 ? _kept[level] / _tested[level] : 1;
            double withLevel = _costs[level] + (_viewCosts[level] / _panelCount) + (share * below);
            _isActive[level] = withLevel < below;
            below = Math.Min(below, withLevel);
        }
    }
}
