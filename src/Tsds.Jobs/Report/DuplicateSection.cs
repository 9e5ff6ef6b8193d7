using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Report;

/// <summary>
/// The section on near-duplicates among the rows that targets reached, or that were chosen without a plan.
/// </summary>
internal static class DuplicateSection
{
    private const int MostClusters = 10;
    private const int MostMembers = 8;
    private const int TextLength = 200;

    /// <summary>Returns the rows that are shown.</summary>
    public static IEnumerable<long> RowsOf(IReadOnlyList<DuplicateGroup> clusters) =>
        Largest(clusters)
            .SelectMany(cluster => Shown(cluster).Select(member => member.Row).Append(cluster.Representative));

    public static void Write(HtmlWriter html, ReportedSelection selection)
    {
        if (selection.Chosen.Bandwidth == 0 && selection.Clusters.Count == 0)
        {
            return;
        }

        IReadOnlyList<DuplicateGroup> clusters = selection.Clusters;
        using (html.Open("section"))
        {
            html.Element("h2", "Near-duplicates");
            html.Element("p", Claim(selection, clusters));
            foreach (DuplicateGroup cluster in Largest(clusters))
            {
                WriteCluster(html, selection, cluster);
            }
        }
    }

    private static string Claim(ReportedSelection selection, IReadOnlyList<DuplicateGroup> clusters)
    {
        bool hasPlan = selection.Chosen.Transport is not null;
        string within = $"within {Figures.Short(selection.Chosen.Bandwidth)} of each other.";
        if (clusters.Count == 0)
        {
            return $"No two {(hasPlan ? "rows that targets reached" : "chosen rows")} lie {within}";
        }

        int same = clusters.Sum(cluster => cluster.Members.Count(member => member.CopyOf is not null));
        string rows =
            Figures.Of(clusters.Sum(cluster => cluster.Members.Count) - same, hasPlan ? "row" : "chosen row")
            + (hasPlan ? " that targets reached" : "")
            + (same > 0 ? $" and {Figures.Of(same, "row")} that are the same as one of them" : "");
        string weight = hasPlan
            ? $" Copies share the weight of one row; "
                + $"{Figures.Count(clusters.Sum(cluster => cluster.DrawnCount))} of them were drawn."
            : "";
        string rest = clusters.Count > MostClusters ? $" The {MostClusters} largest; clusters.jsonl has them all." : "";
        return $"{rows} form {Figures.Of(clusters.Count, "cluster")} of copies, rows {within}{weight}{rest}";
    }

    private static IEnumerable<DuplicateGroup> Largest(IReadOnlyList<DuplicateGroup> clusters) =>
        clusters
            .OrderByDescending(cluster => cluster.Members.Count)
            .ThenBy(cluster => cluster.Cluster)
            .Take(MostClusters);

    /// <summary>Returns the members nearest to the representative, itself first.</summary>
    private static IEnumerable<GroupMember> Shown(DuplicateGroup cluster) =>
        cluster
            .Members.OrderBy(member => member.Row == cluster.Representative ? -1 : member.Distance)
            .ThenBy(member => member.Row)
            .Take(MostMembers);

    private static void WriteCluster(HtmlWriter html, ReportedSelection selection, DuplicateGroup cluster)
    {
        using (html.Open("details", ("class", "cluster")))
        {
            using (html.Open("summary"))
            {
                html.Element(
                    "span",
                    $"{Figures.Of(cluster.Members.Count, "row")}, {Figures.Count(cluster.DrawnCount)} drawn",
                    ("class", "ref")
                );
                html.Text(" ");
                WriteText(html, selection, cluster.Representative);
            }

            using (html.Open("table"))
            {
                html.TableHead(("row", null), ("drawn", "number"), ("distance", "number"));

                using (html.Open("tbody"))
                {
                    foreach (GroupMember member in Shown(cluster))
                    {
                        using (html.Open("tr"))
                        {
                            using (html.Open("td"))
                            {
                                html.Element("span", $"{Figures.Count(member.Row)} ", ("class", "ref"));
                                WriteText(html, selection, member.Row);
                            }

                            html.Element(
                                "td",
                                member.Count > 0 ? Figures.Count(member.Count) : "–",
                                ("class", "number")
                            );
                            html.Element("td", Figures.Fixed(member.Distance), ("class", "number"));
                        }
                    }
                }
            }

            if (cluster.Members.Count > MostMembers)
            {
                html.Element(
                    "p",
                    $"and {Figures.Of(cluster.Members.Count - MostMembers, "more row")}",
                    ("class", "note")
                );
            }
        }
    }

    private static void WriteText(HtmlWriter html, ReportedSelection selection, long row)
    {
        if (selection.Rows.TryGetValue(row, out ReportedRow? found))
        {
            html.Words(found.Text, TextLength);
        }
    }
}
