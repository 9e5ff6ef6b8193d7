namespace Tsds.Numerics;

/// <summary>A part of a source: one run of rows out of every so many.</summary>
internal sealed class StridedRows(IRowSource source, int run, int share) : IRowSource
{
    private readonly long _period = (long)run * share;

    public long Count { get; } =
        (source.Count / ((long)run * share) * run) + Math.Min(run, source.Count % ((long)run * share));

    public int Dimension => source.Dimension;

    public PoolView? Costs => source.Costs;

    public void ReadRows(long first, int rowCount, Span<float> rows, int stride)
    {
        for (int done = 0; done < rowCount; )
        {
            long inRun = (first + done) % run;
            int count = (int)Math.Min(rowCount - done, run - inRun);
            source.ReadRows(((first + done) / run * _period) + inRun, count, rows[(done * stride)..], stride);
            done += count;
        }
    }
}
