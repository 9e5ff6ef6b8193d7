// Times the two searches over a pool on disk, without process start: exact neighbors of the targets, and densities of
// the rows nearest to them.
//
//     dotnet run -c Release bench/vectors/time-searches.cs -- FOLDER THREADS K BANDWIDTH
//
// FOLDER holds candidates.npy and query_examples.npy, or pool.npy and targets.npy. Each search runs three times; the
// last line of each has the median, and the least processor time, which other work on the machine disturbs less.
// GFLOP/s counts two operations for each element of each pair, as if all were multiplied out: what is ruled out early
// counts as done.

#:project ../../src/Tsds/Tsds.csproj
#:property NoWarn=$(NoWarn);CA2007

using System.Diagnostics;
using System.Globalization;
using Tsds;

if (args.Length != 4)
{
    Console.Error.WriteLine("usage: time-searches.cs FOLDER THREADS K BANDWIDTH");
    return 1;
}

int threads = int.Parse(args[1], CultureInfo.InvariantCulture);
int k = int.Parse(args[2], CultureInfo.InvariantCulture);
double bandwidth = double.Parse(args[3], CultureInfo.InvariantCulture);
using CandidatePool pool = CandidatePool.OpenNpy(
    [Find("candidates.npy", "pool.npy")],
    new CandidatePoolOptions { ThreadCount = threads }
);
EmbeddingMatrix targets = Npy.ReadEmbeddings([Find("query_examples.npy", "targets.npy")]).Normalize(Normalization.L2);
NeighborTable? table = null;
await TimeAsync(
    $"neighbors M={targets.Count} K={k}",
    targets.Count,
    async () => table = await pool.FindNearestAsync(targets, k)
);

SortedSet<long> near = [];
for (int rank = 0; rank < k && near.Count < 8_000; rank++)
{
    for (int target = 0; target < targets.Count; target++)
    {
        near.Add(table!.CandidateIds(target)[rank]);
    }
}

EmbeddingMatrix points = await pool.ReadEmbeddingsAsync(near.ToArray());
await TimeAsync(
    $"densities points={points.Count} bandwidth={bandwidth}",
    points.Count,
    async () => await pool.EstimateDensitiesAsync(points, bandwidth)
);
return 0;

string Find(string first, string second) =>
    File.Exists(Path.Combine(args[0], first)) ? Path.Combine(args[0], first) : Path.Combine(args[0], second);

async Task TimeAsync(string name, int queries, Func<Task> work)
{
    List<double> seconds = [];
    double least = double.PositiveInfinity;
    for (int round = 0; round < 3; round++)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        Stopwatch watch = Stopwatch.StartNew();
        await work();
        least = Math.Min(least, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
        seconds.Add(watch.Elapsed.TotalSeconds);
        Console.Error.WriteLine($"  {name}: {watch.Elapsed.TotalSeconds:F2} s");
    }

    seconds.Sort();
    double rate = 2.0 * pool.Count * queries * pool.Dimension / seconds[1] / 1e9;
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{name} N={pool.Count} d={pool.Dimension} threads={threads}: {seconds[1]:F2} s, {least:F2} s of "
                + $"processor time at least, {rate:F0} GFLOP/s"
        )
    );
}
