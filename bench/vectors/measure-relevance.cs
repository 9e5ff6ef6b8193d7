// Measures what centering and relevance cost a search and a selection, on vectors of generate-vectors.cs:
//
//     dotnet run -c Release bench/vectors/measure-relevance.cs -- FOLDER 100 10000
//
// Arguments: the folder with pool.npy and targets.npy, neighbors of each target, budget of the selection. Plain and
// viewed searches alternate, so that what else the machine does meets both; the least processor time of each is told.

#:project ../../src/Tsds/Tsds.csproj
#:property NoWarn=$(NoWarn);CA2007

using System.Globalization;
using Tsds;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: measure-relevance.cs FOLDER NEIGHBORS BUDGET");
    return 1;
}

const int Rounds = 4;
int k = int.Parse(args[1], CultureInfo.InvariantCulture);
long budget = long.Parse(args[2], CultureInfo.InvariantCulture);
using CandidatePool pool = CandidatePool.OpenNpy([Path.Combine(args[0], "pool.npy")]);
EmbeddingMatrix raw = Npy.ReadEmbeddings([Path.Combine(args[0], "targets.npy")]);
EmbeddingMatrix targets = raw.Normalize(Normalization.L2);

// Any mean and direction cost the same; these are near to what a selection finds.
EmbeddingMatrix sample = await pool.ReadEmbeddingsAsync(
    Enumerable.Range(0, 4_096).Select(i => i * (pool.Count / 4_096)).ToArray()
);
float[] mean = Mean(sample);
PoolView centering = new(mean, default, 0);
float[] direction = Mean(centering.Apply(targets));
float[] rest = Mean(centering.Apply(sample));
float range = 0;
for (int i = 0; i < direction.Length; i++)
{
    direction[i] -= rest[i];
    range += direction[i] * direction[i];
}

direction = Array.ConvertAll(direction, value => value * 0.4f / range);
double offset = 0;
EmbeddingMatrix seen = centering.Apply(targets);
for (int target = 0; target < seen.Count; target++)
{
    for (int i = 0; i < direction.Length; i++)
    {
        offset += (double)direction[i] * seen[target][i] / seen.Count;
    }
}

CandidatePool viewed = pool.WithView(new PoolView(mean, direction, offset));
CandidatePool centered = pool.WithView(centering);
double[] searches = [double.MaxValue, double.MaxValue, double.MaxValue];
double[] selections = [double.MaxValue, double.MaxValue];
for (int round = 0; round < Rounds; round++)
{
    searches[0] = Math.Min(searches[0], await TimeAsync(async () => await pool.FindNearestAsync(targets, k)));
    searches[1] = Math.Min(searches[1], await TimeAsync(async () => await centered.FindNearestAsync(seen, k)));
    searches[2] = Math.Min(searches[2], await TimeAsync(async () => await viewed.FindNearestAsync(seen, k)));
    SelectionOptions options = new() { Budget = budget };
    selections[0] = Math.Min(
        selections[0],
        await TimeAsync(() => DataSelector.SelectAsync(pool, raw, options with { Relevance = 0, Center = false }))
    );
    selections[1] = Math.Min(selections[1], await TimeAsync(() => DataSelector.SelectAsync(pool, raw, options)));
}

Print($"{pool.Count:N0} x {pool.Dimension}, {targets.Count:N0} targets, {k} neighbors");
Print($"search: plain {searches[0]:F2} s, centered x {searches[1] / searches[0]:F3}");
Print($"search with costs: x {searches[2] / searches[0]:F3}");
Print($"selection of {budget:N0}: plain {selections[0]:F2} s, with relevance x {selections[1] / selections[0]:F3}");
return 0;

static float[] Mean(EmbeddingMatrix rows)
{
    double[] sum = new double[rows.Dimension];
    for (int row = 0; row < rows.Count; row++)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            sum[i] += rows[row][i];
        }
    }

    return Array.ConvertAll(sum, value => (float)(value / rows.Count));
}

static async Task<double> TimeAsync(Func<Task> work)
{
    TimeSpan before = Environment.CpuUsage.TotalTime;
    await work();
    return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
}

static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
