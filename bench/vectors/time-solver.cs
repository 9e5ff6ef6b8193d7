// Times a solution alone: neighbors and densities come from a formula, and the time that it takes is not counted.
//
//     dotnet run -c Release bench/vectors/time-solver.cs -- TARGETS NEIGHBORS [THREADS]
//
// Every target has NEIGHBORS neighbors or a few more, 10⁸ pairs at 100,000 × 1,000, among a million candidates in an
// order without locality; the nearest of all targets are the same few. The budget is one for which the plan fills about
// four fifths of the neighbors. Told are wall and processor seconds until the level is chosen (with the numbering of
// candidates and the prefix sums), and from there to the end (plan, certificate, drawing, path), the peak memory, and
// a hash of what was found, which two builds can be compared by.

#:project ../../src/Tsds/Tsds.csproj
#:property NoWarn=$(NoWarn);CA2007

using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tsds;

if (args.Length is not (2 or 3))
{
    Console.Error.WriteLine("usage: time-solver.cs TARGETS NEIGHBORS [THREADS]");
    return 1;
}

int targets = int.Parse(args[0], CultureInfo.InvariantCulture);
int neighbors = int.Parse(args[1], CultureInfo.InvariantCulture);
FormulaPool pool = new(neighbors);
Clock clock = new(pool);
SelectionResult result = await DataSelector.SelectAsync(
    pool,
    pool.Targets(targets),
    new SelectionOptions
    {
        Budget = pool.Budget,
        Bandwidth = 0.3,
        Center = false,
        Relevance = 0,
        CopiesShareDraw = false,
        ThreadCount = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : Environment.ProcessorCount,
    },
    clock
);
clock.End();
using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
hash.AppendData(MemoryMarshal.AsBytes(result.CandidateIds.Span));
hash.AppendData(MemoryMarshal.AsBytes(result.Plan.Probabilities.Span));
foreach (PathPoint point in result.Path)
{
    hash.AppendData(MemoryMarshal.AsBytes([point.Tradeoff, point.TransportCost, point.ExpectedDistinct]));
}

hash.AppendData(MemoryMarshal.AsBytes([result.Certificate.Primal, result.Certificate.Dual, result.TransportCost]));
Console.WriteLine(
    string.Create(
        CultureInfo.InvariantCulture,
        $"M={targets} K={neighbors} entries={result.Plan.Entries.Length} support={result.Plan.CandidateIds.Length} "
            + $"s={result.EffectiveNeighbors:F1} gap={result.Certificate.Gap:G2} {clock} "
            + $"peak={Process.GetCurrentProcess().PeakWorkingSet64 / 1e9:F2} GB "
            + $"hash={Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}"
    )
);
return 0;

/// <summary>Counts the time outside of the pool, before and after the level is chosen.</summary>
internal sealed class Clock(FormulaPool pool) : IProgress<SelectionProgress>
{
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly TimeSpan _start = Environment.CpuUsage.TotalTime;
    private (double Wall, double Processor) _chosen;
    private (double Wall, double Processor) _all;

    public void Report(SelectionProgress value)
    {
        if (value.Stage == SelectionStage.Solving && _chosen.Wall == 0)
        {
            _chosen = Now();
        }
    }

    public void End() => _all = Now();

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"level: {_chosen.Wall:F2} s, {_chosen.Processor:F2} s of processor time; plan and path: "
                + $"{_all.Wall - _chosen.Wall:F2} s, {_all.Processor - _chosen.Processor:F2} s of processor time;"
        );

    private (double Wall, double Processor) Now() =>
        (
            _watch.Elapsed.TotalSeconds - pool.WallSeconds,
            (Environment.CpuUsage.TotalTime - _start).TotalSeconds - pool.ProcessorSeconds
        );
}

/// <summary>A pool whose searches are formulas: neighbor r of every target is one of as many candidates.</summary>
internal sealed class FormulaPool(int neighbors) : ICandidatePool
{
    public const int Candidates = 1_000_003;

    /// <summary>A multiplier that scatters ranks over the prime number of candidates.</summary>
    private const long Scatter = 618_033;

    /// <summary>The candidates of a rank: so many that twice as many ranks as expected have their own.</summary>
    private readonly int _each = Math.Max(1, Candidates / (2 * neighbors));

    /// <summary>Gets a budget that needs about four fifths of the neighbors.</summary>
    public long Budget => 3L * _each * neighbors / 4;

    public double WallSeconds { get; private set; }

    public double ProcessorSeconds { get; private set; }

    public long Count => Candidates;

    public int Dimension => 2;

    public Normalization Normalization => Normalization.None;

    public EmbeddingMatrix Targets(int count) =>
        new(Enumerable.Range(0, count).SelectMany(i => new float[] { i, 0 }).ToArray(), 2);

    public ValueTask<NeighborTable> FindNearestAsync(
        EmbeddingMatrix targets,
        int k,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) =>
        ValueTask.FromResult(
            Measure(() =>
            {
                long[] ids = new long[(long)targets.Count * k];
                double[] squares = new double[ids.Length];
                ArgumentOutOfRangeException.ThrowIfGreaterThan((long)k * _each, Candidates);
                for (int q = 0; q < targets.Count; q++)
                {
                    uint state = ((uint)targets[q][0] * 2_654_435_769) + 1;
                    double nearest = 0.3 + (state % 1_000 * 1e-4);
                    for (int r = 0; r < k; r++)
                    {
                        state = (state * 1_664_525) + 1_013_904_223;
                        long place = (r * (long)_each) + ((state >> 8) % (uint)_each);
                        ids[((long)q * k) + r] = place * Scatter % Candidates;
                        squares[((long)q * k) + r] = nearest + (0.5 * r / (r + 500.0));
                    }
                }

                return new NeighborTable(targets.Count, k, ids, squares);
            })
        );

    public ValueTask<EmbeddingMatrix> ReadEmbeddingsAsync(
        ReadOnlyMemory<long> candidateIds,
        CancellationToken cancellationToken = default
    ) =>
        ValueTask.FromResult(
            Measure(() =>
                new EmbeddingMatrix(
                    candidateIds.ToArray().SelectMany(id => new float[] { id, id * 7 % 10 }).ToArray(),
                    2
                )
            )
        );

    public ValueTask<double[]> EstimateDensitiesAsync(
        EmbeddingMatrix points,
        double bandwidth,
        ReadOnlyMemory<long>? population = null,
        IProgress<long>? progress = null,
        CancellationToken cancellationToken = default
    ) =>
        ValueTask.FromResult(
            Measure(() => Enumerable.Range(0, points.Count).Select(p => 1 + (points[p][1] < 1 ? 0.4 : 0)).ToArray())
        );

    private T Measure<T>(Func<T> work)
    {
        (double wall, TimeSpan processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        T result = work();
        WallSeconds += (Stopwatch.GetTimestamp() - wall) / Stopwatch.Frequency;
        ProcessorSeconds += (Environment.CpuUsage.TotalTime - processor).TotalSeconds;
        return result;
    }
}
