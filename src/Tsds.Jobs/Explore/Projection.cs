namespace Tsds.Jobs.Explore;

/// <summary>Represents a map: the place of each row, then of each target.</summary>
internal sealed class Projection
{
    private const double Largest = ushort.MaxValue;

    private Projection(string name, ushort[] places) => (Name, Places) = (name, places);

    /// <summary>Gets its name.</summary>
    public string Name { get; }

    /// <summary>Gets x and y of each point in turn, from 0 to 65,535.</summary>
    public ReadOnlyMemory<ushort> Places { get; }

    /// <summary>Fits points into the map, with one scale for both directions.</summary>
    /// <param name="name">The name of the map.</param>
    /// <param name="xs">The first coordinate of each point.</param>
    /// <param name="ys">The second coordinate of each point.</param>
    public static Projection Fit(string name, ReadOnlySpan<float> xs, ReadOnlySpan<float> ys)
    {
        (float left, float right) = Range(xs);
        (float bottom, float top) = Range(ys);
        double scale = Largest / Math.Max(Math.Max((double)right - left, (double)top - bottom), 1e-30);
        double x0 = (Largest - (((double)right - left) * scale)) / 2;
        double y0 = (Largest - (((double)top - bottom) * scale)) / 2;
        ushort[] places = new ushort[2 * xs.Length];
        for (int i = 0; i < xs.Length; i++)
        {
            places[2 * i] = Round(x0 + ((xs[i] - left) * scale));
            places[(2 * i) + 1] = Round(y0 + ((ys[i] - bottom) * scale));
        }

        return new Projection(name, places);
    }

    /// <summary>Returns a map whose places were kept.</summary>
    /// <param name="name">The name of the map.</param>
    /// <param name="places">x and y of each point in turn.</param>
    public static Projection Of(string name, ushort[] places) => new(name, places);

    private static ushort Round(double value) => (ushort)Math.Clamp(Math.Round(value), 0, Largest);

    private static (float Least, float Most) Range(ReadOnlySpan<float> values)
    {
        (float least, float most) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (float value in values)
        {
            (least, most) = (Math.Min(least, value), Math.Max(most, value));
        }

        return (least, most);
    }
}
