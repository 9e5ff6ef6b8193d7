using Tsds.Evaluation.Metrics;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Bundle;

namespace Tsds.Jobs.Report;

/// <summary>
/// A map of pool, targets and chosen rows: their embeddings in the plane in which pool and targets differ most.
/// </summary>
internal sealed class PoolMap
{
    private const int MostPoolRows = 1_500;
    private const int MostTargets = 300;
    private const int MostChosen = 400;
    private const int TextLength = 120;

    /// <summary>The largest number of values of all embeddings together; long embeddings are sampled less.</summary>
    private const int MostValues = 8_000_000;

    private const ulong PoolStream = 1;
    private const ulong ChosenStream = 2;
    private const ulong TargetStream = 3;

    /// <summary>The width of the map in its own unit; the height keeps both axes to one scale.</summary>
    private const double Width = 1_000;
    private const double LeastHeight = 420;
    private const double MostHeight = 900;
    private const double Margin = 24;
    private const double CrossArm = 9;

    private const string Title = "map-title";

    private readonly PrincipalPlane _plane;
    private readonly (double X, double Y)[] _pool;
    private readonly (long Id, double X, double Y)[] _chosen;
    private readonly (long Id, double X, double Y)[] _targets;

    private PoolMap(
        PrincipalPlane plane,
        (double X, double Y)[] pool,
        (long Id, double X, double Y)[] chosen,
        (long Id, double X, double Y)[] targets
    )
    {
        _plane = plane;
        _pool = pool;
        _chosen = chosen;
        _targets = targets;
    }

    /// <summary>Returns the chosen rows that are drawn on the map.</summary>
    public static long[] RowsOf(Selection selection) => HashSample.Of(selection.Rows.Span, MostChosen, ChosenStream);

    public static async Task<PoolMap> CreateAsync(ReportedSelection selection, CancellationToken cancellationToken)
    {
        int most = Math.Max(2, MostValues / selection.Pool.Dimension / 3);

        // Ids reach beyond the count where candidates are hidden; the pool handed here hides none.
        EmbeddingMatrix pool = await selection
            .Pool.ReadEmbeddingsAsync(
                HashSample.OfRange(selection.Pool.Count, Math.Min(MostPoolRows, most), PoolStream),
                cancellationToken
            )
            .ConfigureAwait(false);
        long[] chosenIds = HashSample.Of(RowsOf(selection.Chosen), most, ChosenStream);
        EmbeddingMatrix chosen = await selection
            .Pool.ReadEmbeddingsAsync(chosenIds, cancellationToken)
            .ConfigureAwait(false);
        long[] all = [.. Enumerable.Range(0, selection.Targets.Count).Select(target => (long)target)];
        long[] targetIds = HashSample.Of(all, Math.Min(MostTargets, most), TargetStream);
        EmbeddingMatrix targets = selection.TargetEmbeddings.Gather(Array.ConvertAll(targetIds, id => (int)id));
        PrincipalPlane plane = PrincipalPlane.Fit(pool, targets);
        return new PoolMap(
            plane,
            [.. Enumerable.Range(0, pool.Count).Select(row => plane.Project(pool[row]))],
            Place(plane, chosenIds, chosen),
            Place(plane, targetIds, targets)
        );
    }

    public void Write(HtmlWriter html, ReportedSelection selection, TargetReach? reach)
    {
        using (html.Open("section"))
        {
            html.Element("h2", "Where the chosen rows lie");
            html.Element(
                "p",
                $"Embeddings on the two principal components (PCA) of pool and targets, each group weighing "
                    + $"half. They hold {Figures.Percent(_plane.FirstShare)} and "
                    + $"{Figures.Percent(_plane.SecondShare)} of the variance, so points that are near here "
                    + $"may be far apart."
            );
            using (html.Open("p"))
            {
                html.Text("To look at every row, and to change the selection and see what comes of it: ");
                html.Element("code", "tsds explore FOLDER");
                html.Text(", with the folder of this report.");
            }

            using (html.Open("figure", ("class", "plot map")))
            {
                WriteLegend(html, selection, reach);
                WriteDrawing(html, selection, reach);
            }
        }
    }

    private static (long Id, double X, double Y)[] Place(
        PrincipalPlane plane,
        long[] ids,
        EmbeddingMatrix embeddings
    ) =>
        [
            .. ids.Select(
                (id, row) =>
                {
                    (double x, double y) = plane.Project(embeddings[row]);
                    return (id, x, y);
                }
            ),
        ];

    private void WriteLegend(HtmlWriter html, ReportedSelection selection, TargetReach? reach)
    {
        using (html.Open("ul", ("class", "legend")))
        {
            WriteKey(
                html,
                "pool",
                "M8 8h0",
                Sampled(_pool.Length, selection.Pool.Count, "row of the pool", "rows of the pool")
            );
            WriteKey(
                html,
                "chosen",
                "M8 8h0",
                Sampled(_chosen.Length, selection.Chosen.Rows.Length, "chosen row", "chosen rows")
            );
            WriteKey(
                html,
                "target",
                "M3 8h10M8 3v10",
                Sampled(_targets.Length, selection.Targets.Count, "target", "targets")
            );
            if (reach is { Unreachable.Count: > 0 })
            {
                WriteKey(html, "far", "M4 4l8 8M4 12l8 -8", "out of reach");
            }
        }
    }

    private static string Sampled(int shown, long all, string one, string many) =>
        shown < all
            ? $"{Figures.Count(shown)} of {Figures.Count(all)} {many}"
            : $"{Figures.Count(all)} {(all == 1 ? one : many)}";

    private static void WriteKey(HtmlWriter html, string kind, string path, string text)
    {
        using (html.Open("li"))
        {
            using (html.Open("svg", ("class", "key"), ("viewBox", "0 0 16 16"), ("aria-hidden", "true")))
            {
                html.Element("path", "", ("class", "point " + kind), ("d", path));
            }

            html.Text(text);
        }
    }

    private void WriteDrawing(HtmlWriter html, ReportedSelection selection, TargetReach? reach)
    {
        double[] xs =
        [
            .. _pool.Select(point => point.X),
            .. _chosen.Select(point => point.X),
            .. _targets.Select(point => point.X),
        ];
        double[] ys =
        [
            .. _pool.Select(point => point.Y),
            .. _chosen.Select(point => point.Y),
            .. _targets.Select(point => point.Y),
        ];
        (double left, double right, double bottom, double top) = (xs.Min(), xs.Max(), ys.Min(), ys.Max());

        // One scale for both axes, the smaller of what the width and the greatest height allow.
        double scale = (Width - (2 * Margin)) / Math.Max(right - left, 1e-9);
        scale = Math.Min(scale, (MostHeight - (2 * Margin)) / Math.Max(top - bottom, 1e-9));
        double height = Math.Max(LeastHeight, ((top - bottom) * scale) + (2 * Margin));
        double X(double x) => (Width / 2) + ((x - ((left + right) / 2)) * scale);
        double Y(double y) => (height / 2) - ((y - ((bottom + top) / 2)) * scale);
        string At(double x, double y) =>
            $"M{Figures.Coordinate(Math.Round(X(x), 1))} {Figures.Coordinate(Math.Round(Y(y), 1))}";

        HashSet<int> unreachable = [.. reach?.Unreachable.Select(target => target.Target) ?? []];
        using (
            html.Open(
                "svg",
                ("class", "points"),
                ("viewBox", $"0 0 {Width} {Figures.Coordinate(Math.Round(height))}"),
                ("role", "img"),
                ("aria-labelledby", Title)
            )
        )
        {
            html.Element(
                "title",
                $"A map of {Figures.Of(_pool.Length, "row")} of the pool, "
                    + $"{Figures.Of(_chosen.Length, "chosen row")} and {Figures.Of(_targets.Length, "target")}.",
                ("id", Title)
            );
            html.Element(
                "path",
                "",
                ("class", "point pool"),
                ("d", string.Concat(_pool.Select(point => At(point.X, point.Y) + "h0")))
            );
            foreach ((long row, double x, double y) in _chosen)
            {
                WritePoint(
                    html,
                    "chosen",
                    At(x, y) + "h0",
                    selection.Rows.TryGetValue(row, out ReportedRow? found) ? found.Text : $"row {row}"
                );
            }

            foreach ((long target, double x, double y) in _targets)
            {
                bool isFar = unreachable.Contains((int)target);
                string cross = isFar
                    ? $"{At(x, y)}m{-CrossArm} {-CrossArm}l{2 * CrossArm} {2 * CrossArm}m0 "
                        + $"{-2 * CrossArm}l{-2 * CrossArm} {2 * CrossArm}"
                    : $"{At(x, y)}m{-CrossArm} 0h{2 * CrossArm}m{-CrossArm} {-CrossArm}v{2 * CrossArm}";
                string text = selection.Targets[(int)target].Text;
                WritePoint(html, isFar ? "far" : "target", cross, text.Length > 0 ? text : $"target {target}");
            }
        }
    }

    /// <summary>Writes a point with the text that is shown when a pointer rests on it.</summary>
    private static void WritePoint(HtmlWriter html, string kind, string path, string text)
    {
        using (html.Open("path", ("class", "point " + kind), ("d", path)))
        {
            html.Element("title", VisibleText.Line(text, TextLength));
        }
    }
}
