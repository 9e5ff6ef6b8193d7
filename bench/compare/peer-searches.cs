// Our side of peers.py: the exact neighbors of the targets, and the pairs of pool rows within a radius, on one thread.
//
//     dotnet run -c Release bench/compare/peer-searches.cs -- FOLDER K RADIUS OUT
//
// FOLDER holds pool.npy and targets.npy of bench/vectors/generate-vectors.cs. OUT receives the ids of the neighbors as
// int64, row after row. Each search runs twice in one process; the least processor time is told, as JSON.

#:project ../../src/Tsds/Tsds.csproj
#:property NoWarn=$(NoWarn);CA2007

using System.Globalization;
using System.Runtime.InteropServices;
using Tsds;

if (args.Length != 4)
{
    Console.Error.WriteLine("usage: peer-searches.cs FOLDER K RADIUS OUT");
    return 1;
}

const int BlockRows = 4_096;
int k = int.Parse(args[1], CultureInfo.InvariantCulture);
double radius = double.Parse(args[2], CultureInfo.InvariantCulture);
CandidatePoolOptions options = new() { ThreadCount = 1 };
using CandidatePool pool = CandidatePool.OpenNpy([Path.Combine(args[0], "pool.npy")], options);
EmbeddingMatrix targets = Npy.ReadEmbeddings([Path.Combine(args[0], "targets.npy")]).Normalize(Normalization.L2);
NeighborTable table = NeighborTable.Empty(targets.Count);
double neighborSeconds = await TimeAsync(async () => table = await pool.FindNearestAsync(targets, k));
using (FileStream ids = File.Create(args[3]))
{
    for (int target = 0; target < targets.Count; target++)
    {
        ids.Write(MemoryMarshal.AsBytes(table.CandidateIds(target)));
    }
}

long pairs = 0;
double radiusSeconds = await TimeAsync(async () => pairs = await CountPairsAsync());
Console.WriteLine(
    string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"neighborSeconds": {{neighborSeconds:F3}}, "radiusSeconds": {{radiusSeconds:F3}}, "pairs": {{pairs}}}"""
    )
);
return 0;

async Task<long> CountPairsAsync()
{
    long found = 0;
    for (long first = 0; first < pool.Count; first += BlockRows)
    {
        int count = (int)Math.Min(BlockRows, pool.Count - first);
        EmbeddingMatrix rows = await pool.ReadEmbeddingsAsync(
            Enumerable.Range(0, count).Select(row => first + row).ToArray()
        );
        double[] limits = new double[count];
        Array.Fill(limits, radius * radius);
        int width = 64;
        NeighborTable near = await pool.FindWithinAsync(rows, width, limits);
        for (int row = 0; row < count; row++)
        {
            int within = near.CandidateIds(row).IndexOf(NeighborTable.NoCandidate);
            found += within >= 0 ? within - 1 : throw new InvalidOperationException("Expected fewer than 64 copies.");
        }
    }

    return found;
}

static async Task<double> TimeAsync(Func<Task> work)
{
    double least = double.PositiveInfinity;
    for (int round = 0; round < 2; round++)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        await work();
        least = Math.Min(least, (Environment.CpuUsage.TotalTime - before).TotalSeconds);
    }

    return least;
}
