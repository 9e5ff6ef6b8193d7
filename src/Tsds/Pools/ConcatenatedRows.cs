namespace Tsds.Pools;

/// <summary>The rows of several sources one after the other.</summary>
internal sealed class ConcatenatedRows : IVectorSource
{
    private readonly IVectorSource[] _stores;
    private readonly long[] _firstRows;

    private ConcatenatedRows(IVectorSource[] stores)
    {
        _stores = stores;
        _firstRows = new long[stores.Length + 1];
        for (int i = 0; i < stores.Length; i++)
        {
            _firstRows[i + 1] = checked(_firstRows[i] + stores[i].Count);
        }
    }

    public long Count => _firstRows[^1];

    public int Dimension => _stores[0].Dimension;

    public static ConcatenatedRows Open(IReadOnlyList<VectorSource> sources)
    {
        List<IVectorSource> stores = new(sources.Count);
        try
        {
            foreach (VectorSource source in sources)
            {
                stores.Add(source.Open());
                if (stores[^1].Dimension != stores[0].Dimension)
                {
                    throw new InvalidDataException(
                        $"Expected the dimension {stores[0].Dimension} of {sources[0]} in {source}, found "
                            + $"{stores[^1].Dimension}; embed all files with the same model."
                    );
                }
            }

            return new ConcatenatedRows([.. stores]);
        }
        catch (Exception exception)
            when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            stores.ForEach(store => store.Dispose());
            throw;
        }
    }

    public void ReadRows(long first, int rowCount, Span<float> rows, int stride)
    {
        int store = StoreOf(first);
        while (rowCount > 0)
        {
            int here = (int)Math.Min(rowCount, _firstRows[store + 1] - first);
            _stores[store].ReadRows(first - _firstRows[store], here, rows, stride);
            rows = here < rowCount ? rows[(here * stride)..] : rows;
            first += here;
            rowCount -= here;
            store++;
        }
    }

    public string Describe(long row)
    {
        int store = StoreOf(row);
        return _stores[store].Describe(row - _firstRows[store]);
    }

    public void Dispose() => Array.ForEach(_stores, store => store.Dispose());

    private int StoreOf(long row)
    {
        int store = Array.BinarySearch(_firstRows, row);

        // An exact hit may be an empty store that begins where the next one does.
        store = store >= 0 ? store : ~store - 1;
        while (_firstRows[store + 1] <= row)
        {
            store++;
        }

        return store;
    }
}
