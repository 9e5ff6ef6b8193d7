using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tsds.Numerics;

namespace Tsds.Pools;

/// <summary>Writes an index block by block.</summary>
internal static class IndexWriter
{
    private const int BlockRows = 1024;

    public static async Task WriteAsync(
        CandidatePool pool,
        string folder,
        string identity,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        IRowSource source = pool.Source;
        int threadCount = pool.ThreadCount;
        double[] largestErrors = new double[threadCount];
        using (FileStream rows = Create(folder, IndexedRows.RowsName))
        using (FileStream elements = Create(folder, IndexedRows.ElementsName))
        {
            long written = 0;
            long blockCount = (source.Count + BlockRows - 1) / BlockRows;
            long nextBlock = -1;
            await Task.WhenAll(
                    Enumerable
                        .Range(0, threadCount)
                        .Select(thread =>
                            Task.Run(
                                () =>
                                {
                                    Worker worker = new(source, rows, elements);
                                    for (long block; (block = Interlocked.Increment(ref nextBlock)) < blockCount; )
                                    {
                                        cancellationToken.ThrowIfCancellationRequested();
                                        long first = block * BlockRows;
                                        int rowCount = (int)Math.Min(BlockRows, source.Count - first);
                                        largestErrors[thread] = Math.Max(
                                            largestErrors[thread],
                                            worker.WriteBlock(first, rowCount)
                                        );
                                        progress?.Report(Interlocked.Add(ref written, rowCount));
                                    }
                                },
                                CancellationToken.None
                            )
                        )
                )
                .ConfigureAwait(false);
        }

        // Last: a folder with a header is complete.
        new IndexHeader(source.Count, source.Dimension, pool.Normalization, largestErrors.Max(), identity).Write(
            folder
        );
    }

    private static FileStream Create(string folder, string name) =>
        new(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);

    private sealed class Worker(IRowSource source, FileStream rowsFile, FileStream elementsFile)
    {
        private readonly float[] _embeddings = new float[BlockRows * source.Dimension];
        private readonly QuantizedRow[] _rows = new QuantizedRow[BlockRows];
        private readonly sbyte[] _elements = new sbyte[BlockRows * source.Dimension];

        /// <summary>Writes a block of rows at its place in the files.</summary>
        /// <returns>The largest error relative to a norm.</returns>
        public double WriteBlock(long first, int rowCount)
        {
            int dimension = source.Dimension;
            source.ReadRows(first, rowCount, _embeddings, dimension);
            double largest = 0;
            for (int row = 0; row < rowCount; row++)
            {
                ReadOnlySpan<float> embedding = _embeddings.AsSpan(row * dimension, dimension);
                Span<sbyte> elements = _elements.AsSpan(row * dimension, dimension);
                QuantizedRow written = Int8Encoding.Encode(embedding, elements);
                _rows[row] = written with { Checksum = IndexedRows.Checksum(elements, written) };
                if (written.NormSquared > 0)
                {
                    largest = Math.Max(largest, written.Error / Math.Sqrt(written.NormSquared));
                }
            }

            RandomAccess.Write(
                elementsFile.SafeFileHandle,
                MemoryMarshal.AsBytes(_elements.AsSpan(0, rowCount * dimension)),
                first * dimension
            );
            RandomAccess.Write(
                rowsFile.SafeFileHandle,
                MemoryMarshal.AsBytes(_rows.AsSpan(0, rowCount)),
                first * Unsafe.SizeOf<QuantizedRow>()
            );
            return largest * (1 + CandidateScan.UnitRoundoff);
        }
    }
}
