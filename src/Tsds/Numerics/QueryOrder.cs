namespace Tsds.Numerics;

/// <summary>
/// Orders vectors so that near ones follow each other, and a panel of them can be ruled out as a whole.
/// </summary>
internal static class QueryOrder
{
    /// <summary>
    /// Returns an order found by splitting at the median of the widest coordinate until each part fits a panel.
    /// </summary>
    /// <param name="views">Short views of the queries.</param>
    /// <param name="width">The size of a panel; parts end at its multiples.</param>
    public static int[] ByProximity(EmbeddingMatrix views, int width)
    {
        int[] order = [.. Enumerable.Range(0, views.Count)];
        Split(views, order, width, new float[views.Count]);
        return order;
    }

    private static void Split(EmbeddingMatrix views, Span<int> part, int width, float[] keys)
    {
        if (part.Length <= width)
        {
            return;
        }

        int widest = WidestCoordinate(views, part);
        Span<float> partKeys = keys.AsSpan(0, part.Length);
        for (int i = 0; i < part.Length; i++)
        {
            partKeys[i] = views[part[i]][widest];
        }

        partKeys.Sort(part);
        int middle = ((part.Length / 2) + width - 1) / width * width;
        Split(views, part[..middle], width, keys);
        Split(views, part[middle..], width, keys);
    }

    private static int WidestCoordinate(EmbeddingMatrix views, ReadOnlySpan<int> part)
    {
        double[] sums = new double[views.Dimension];
        double[] squares = new double[views.Dimension];
        foreach (int index in part)
        {
            ReadOnlySpan<float> view = views[index];
            for (int c = 0; c < view.Length; c++)
            {
                sums[c] += view[c];
                squares[c] += (double)view[c] * view[c];
            }
        }

        int widest = 0;
        double largest = double.NegativeInfinity;
        for (int c = 0; c < sums.Length; c++)
        {
            double spread = squares[c] - (sums[c] * sums[c] / part.Length);
            if (spread > largest)
            {
                (widest, largest) = (c, spread);
            }
        }

        return widest;
    }
}
