namespace Tsds.Transport;

/// <summary>Loops over rows on several threads, with results that do not depend on the number of threads.</summary>
/// <remarks>
/// Rows are cut into chunks of a fixed length, a chunk writes only what is its own, and sums are added in the order of
/// the rows or chunks.
/// </remarks>
internal sealed class TargetLoop
{
    private const int RowsPerChunk = 64;

    private readonly ParallelOptions _options;

    /// <param name="threadCount">Threads to use; null uses every processor.</param>
    public TargetLoop(int? threadCount = null) =>
        _options = new ParallelOptions { MaxDegreeOfParallelism = threadCount ?? Environment.ProcessorCount };

    /// <summary>Calls a function for every row.</summary>
    public void Run(int count, Action<int> body) =>
        Run(
            count,
            RowsPerChunk,
            (start, end) =>
            {
                for (int i = start; i < end; i++)
                {
                    body(i);
                }
            }
        );

    /// <summary>Calls a function for every chunk, given as its first row and the row after its last.</summary>
    public void Run(int count, int chunkLength, Action<int, int> body)
    {
        int chunks = ChunkCount(count, chunkLength);
        void RunChunk(int chunk) => body(chunk * chunkLength, (int)Math.Min(count, (chunk + 1L) * chunkLength));
        if (chunks <= 1 || _options.MaxDegreeOfParallelism == 1)
        {
            for (int chunk = 0; chunk < chunks; chunk++)
            {
                RunChunk(chunk);
            }

            return;
        }

        Parallel.For(0, chunks, _options, RunChunk);
    }

    /// <summary>Evaluates a term for every row.</summary>
    public double[] Evaluate(int count, Func<int, double> term)
    {
        double[] terms = new double[count];
        Run(count, i => terms[i] = term(i));
        return terms;
    }

    /// <summary>Returns the sum of one term per row, added in the order of the rows.</summary>
    public double Sum(int count, Func<int, double> term) => Sum(Evaluate(count, term));

    /// <summary>Returns the sum of one term per chunk, added in the order of the chunks.</summary>
    public double Sum(int count, int chunkLength, Func<int, int, double> term)
    {
        double[] terms = new double[ChunkCount(count, chunkLength)];
        Run(count, chunkLength, (start, end) => terms[start / chunkLength] = term(start, end));
        return Sum(terms);
    }

    /// <summary>Returns the sum of terms, added from the first to the last.</summary>
    public static double Sum(ReadOnlySpan<double> terms)
    {
        double sum = 0;
        foreach (double term in terms)
        {
            sum += term;
        }

        return sum;
    }

    private static int ChunkCount(int count, int chunkLength) => (int)(((long)count + chunkLength - 1) / chunkLength);
}
