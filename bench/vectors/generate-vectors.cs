// Writes random clustered unit vectors for measurements: OUT/pool.npy and OUT/targets.npy.
//
//     dotnet run bench/vectors/generate-vectors.cs -- 100000 384 100 OUT
//
// Candidates scatter around 1,000 centers of unequal sizes, one in ten is a near-copy of the one before; targets
// scatter around four of the centers.

#:project ../../src/Tsds/Tsds.csproj

using System.Globalization;
using Tsds;

if (args.Length != 4)
{
    Console.Error.WriteLine("usage: generate-vectors.cs CANDIDATES DIMENSION TARGETS FOLDER");
    return 1;
}

const int Centers = 1_000;
long candidates = long.Parse(args[0], CultureInfo.InvariantCulture);
int dimension = int.Parse(args[1], CultureInfo.InvariantCulture);
int targets = int.Parse(args[2], CultureInfo.InvariantCulture);
Directory.CreateDirectory(args[3]);
ulong state = 1;
int[] tasks = [3, 50, 400, 800];
float[] centers = new float[Centers * dimension];
for (int i = 0; i < centers.Length; i++)
{
    centers[i] = Normal();
}

float[] row = new float[dimension];
using (NpyWriter writer = new(Path.Combine(args[3], "pool.npy"), dimension))
{
    for (long i = 0; i < candidates; i++)
    {
        if (i % 10 != 9)
        {
            // The square makes the first centers large and the last small.
            double share = Uniform();
            Scatter((int)(share * share * Centers), 0.8f);
        }
        else
        {
            for (int p = 0; p < dimension; p++)
            {
                row[p] += 0.05f * Normal();
            }
        }

        writer.Append(row);
    }

    writer.Complete();
}

using (NpyWriter writer = new(Path.Combine(args[3], "targets.npy"), dimension))
{
    for (int i = 0; i < targets; i++)
    {
        Scatter(tasks[i % 4], 0.8f);
        writer.Append(row);
    }

    writer.Complete();
}

return 0;

void Scatter(int center, float width)
{
    for (int p = 0; p < dimension; p++)
    {
        row[p] = centers[(center * dimension) + p] + (width * Normal());
    }
}

double Uniform()
{
    state = unchecked((state * 6364136223846793005) + 1442695040888963407);
    return (state >> 11) * (1.0 / (1UL << 53));
}

// The sum of four uniform numbers is close enough to a normal one.
float Normal() => (float)((Uniform() + Uniform() + Uniform() + Uniform() - 2) * Math.Sqrt(3));
