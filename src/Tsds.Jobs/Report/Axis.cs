namespace Tsds.Jobs.Report;

/// <summary>One axis of a plot: a range of values over 0 to 100 % of its length.</summary>
/// <param name="Low">The value at 0 %.</param>
/// <param name="High">The value at 100 %, above <paramref name="Low"/>.</param>
internal readonly record struct Axis(double Low, double High)
{
    /// <summary>Creates an axis that values fill, with a small margin on both sides.</summary>
    /// <param name="values">At least one, all finite.</param>
    /// <param name="airShare">How much, as a share of what the values span.</param>
    public static Axis Around(IEnumerable<double> values, double airShare = 0.06)
    {
        double[] known = [.. values];
        (double low, double high) = (known.Min(), known.Max());
        double air = high > low ? (high - low) * airShare : Math.Max(Math.Abs(low) * 0.1, 1e-3);
        return new Axis(low >= 0 ? Math.Max(0, low - air) : low - air, high + air);
    }

    /// <summary>Returns the position of a value, in percent.</summary>
    public double At(double value) => (value - Low) / (High - Low) * 100;

    /// <summary>Returns the horizontal position of a value as an SVG length.</summary>
    public string X(double value) => Figures.Coordinate(At(value)) + "%";

    /// <summary>Returns the vertical position of a value as an SVG length, from below.</summary>
    public string Y(double value) => Figures.Coordinate(100 - At(value)) + "%";

    /// <summary>Returns round values to label: steps of 1, 2 or 5 times a power of ten.</summary>
    /// <param name="count">About how many.</param>
    public IEnumerable<double> Ticks(int count)
    {
        double raw = (High - Low) / count;
        double magnitude = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step =
            magnitude
            * (raw / magnitude) switch
            {
                < 1.5 => 1,
                < 3.5 => 2,
                < 7.5 => 5,
                _ => 10,
            };
        for (double tick = Math.Ceiling(Low / step); tick * step <= High; tick++)
        {
            // The decimal nearest to the product: 3 · 0.1 is to read 0.3.
            yield return (double)Math.Round((decimal)(tick * step), 10);
        }
    }
}
