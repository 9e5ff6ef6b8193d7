using Tsds.Data.Tokens;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Cli.Output;

/// <summary>Formats the summary of a selection in words.</summary>
internal static class SummaryText
{
    private const int NameWidth = 19;
    private const int MaxSources = 3;
    private const int MaxNameLength = 32;
    private const int MaxTextLength = 60;
    private const int MaxPathLength = 120;

    /// <summary>The share of λ that targets bear out below which it is worth a word.</summary>
    private const double NotableReliability = 0.8;

    public static string Render(SelectionSummary summary, SelectionJobOptions job)
    {
        AlignedText text = new(NameWidth);
        long poolRows = summary.Sieve?.PoolRows ?? summary.PoolRows;
        text.Line(
            $"Selected {Quantity.Of(summary.Rows, "row")} of {Quantity.Count(poolRows)} "
                + $"for {Quantity.Of(summary.TargetRows, "target")}."
        );
        text.Line();
        text.Row("rows read", RowsRead(summary));
        if (summary.Sieve is { } sieve)
        {
            text.Rows("sieve", Sieve(sieve));
        }

        if (summary.Plan is { } plan)
        {
            WritePlan(text, summary, plan);
        }
        else
        {
            text.Row("method", $"{SafeText.OneLine(summary.Method)}, which has no plan and proves nothing");
            if (summary.Bandwidth > 0)
            {
                text.Row(
                    "near-duplicates",
                    $"{Quantity.Count(summary.NearDuplicateCount)} of the rows chosen have another within "
                        + $"{Quantity.Short(summary.Bandwidth)}"
                );
            }
        }

        text.Rows("most rows from", Sources(summary.TopSources));
        if (summary.Tokens is { } tokens)
        {
            text.Row(
                "tokens",
                $"{Quantity.Count(tokens.Drawn)} drawn for a budget of {Quantity.Count(tokens.Asked)}"
                    + (tokens.Count == TokenCount.Supervised ? ", those that are trained on" : "")
                    + (tokens.IsExact ? "" : "; estimated from the texts")
            );
        }

        text.Rows(
            "shares",
            summary.Shares.Select(share =>
                $"{SafeText.Shorten(share.Source, MaxNameLength)}: {Quantity.Percent(share.Drawn)} of the "
                + $"budget, within {Quantity.Percent(share.Floor)} and {Quantity.Percent(share.Cap)}; "
                + $"{Quantity.Percent(share.Unbounded)} of the plan"
            )
        );
        text.Rows("left out", summary.Excluded.Select(LeftOut));
        text.Rows("tasks", Tasks(summary.Tasks));
        text.Rows("targets", summary.Acquaintance.Where(task => task.IsPoor).Select(Acquaintance));
        text.Rows("hardest targets", HardTargets(summary.HardestTargets));
        if (summary.Embedding is { } embedding)
        {
            text.Row("embedding", SafeText.OneLine(embedding));
        }

        if (summary.BetterEmbedder is { } better)
        {
            text.Row("better embedder", SafeText.OneLine(better));
        }

        if (summary.Index is { } index)
        {
            text.Row("index", SafeText.OneLine(index));
        }

        text.Rows("files written", summary.FilesWritten.Select(path => SafeText.Shorten(path, MaxPathLength)));
        text.Row(
            "run",
            $"{Quantity.Duration(summary.Elapsed)} on {Quantity.Of(job.ThreadCount, "thread")}, "
                + $"peak memory {Quantity.Bytes(summary.PeakMemoryBytes)}"
        );
        return text.ToString();
    }

    private static IEnumerable<string> Sieve(SieveResult sieve) =>
        [
            $"{Quantity.Of(sieve.Rows, "row")} of {Quantity.Count(sieve.PoolRows)} left to be embedded; the "
                + "certificate holds for them",
            sieve.Relevant == 0
                ? "recall not known: the sample had no row that the exact selection takes"
                : $"recall {Quantity.Percent(sieve.Recall)} ({Quantity.Percent(sieve.RecallLow)} to "
                    + $"{Quantity.Percent(sieve.RecallHigh)}): {Quantity.Count(sieve.Found)} of "
                    + $"{Quantity.Of(sieve.Relevant, "row")} of a random sample that the exact selection takes",
        ];

    private static void WritePlan(AlignedText text, SelectionSummary summary, PlanSummary plan)
    {
        if (summary.CopyCount > 0)
        {
            text.Row(
                "copies",
                $"{Quantity.Of(summary.CopyCount, "row")} the same as another, which stands for "
                    + (summary.CopyCount == 1 ? "it" : "them")
            );
        }

        text.Row("near-duplicates", NearDuplicates(summary, plan));
        text.Row("effective neighbors", EffectiveNeighbors(plan));
        bool hasRelevance = TuningFile.TunesRelevance(summary.Tuning);
        text.Rows(hasRelevance ? "settings tried" : "alpha tried", Tuning(summary.Tuning, hasRelevance));

        text.Rows("relevance", summary.Relevance.Select(Relevance));
        text.Row(
            "certificate",
            Claim(plan.Certificate, summary.PoolRows, summary.Relevance.Any(task => task.Reliability > 0))
        );
        if (summary.AlikeRows is { } alike)
        {
            text.Row(
                "budget",
                (alike == 0 ? "the pool has nothing" : $"beyond about {Quantity.Of(alike, "row")} the pool has nothing")
                    + " as near as your targets are to each other"
            );
        }

        text.Row(
            "distinct rows",
            $"{Quantity.Count(summary.DistinctRows)} drawn for a budget of {Quantity.Count(summary.Budget)}; "
                + $"{Quantity.Count(plan.ExpectedDistinct)} expected of independent draws"
        );
    }

    private static string RowsRead(SelectionSummary summary) =>
        $"{Quantity.Of(summary.PoolRows, "candidate")}, {Quantity.Of(summary.TargetRows, "target")}"
        + (
            summary.SkippedRows > 0
                ? $"; {Quantity.Of(summary.SkippedRows, "bad row")} skipped, listed in the manifest"
                : ""
        );

    private static string NearDuplicates(SelectionSummary summary, PlanSummary plan) =>
        summary.Bandwidth > 0 && plan.DensitiesEvaluated == 1 ? "none: a single candidate is reached"
        : summary.Bandwidth > 0
            ? $"{Quantity.Count(summary.NearDuplicateCount)} of the "
                + $"{Quantity.Count(plan.DensitiesEvaluated)} candidates reached have "
                + $"another within {Quantity.Short(summary.Bandwidth)}"
        : "not looked for: no density was taken";

    private static string EffectiveNeighbors(PlanSummary plan)
    {
        string settings = $"alpha {Quantity.Short(plan.Alpha)}, scale {Quantity.Short(plan.Scale)}";
        return plan.EffectiveNeighbors is { } neighbors
            ? $"{Quantity.Short(neighbors)} per target ({settings})"
            : $"not defined under total variation ({settings})";
    }

    private static IEnumerable<string> Tuning(IReadOnlyList<TuningPoint> curve, bool hasRelevance) =>
        curve.Select(point =>
            (hasRelevance ? $"relevance {Quantity.Short(point.Relevance), -4} alpha " : "")
            + $"{Quantity.Short(point.Alpha), -4} "
            + (
                double.IsNaN(point.HeldOutDistance)
                    ? "reaches fewer rows than the budget"
                    : $"{Quantity.Real(point.HeldOutDistance)} ± {Quantity.Short(point.StandardError)} from "
                        + $"targets held out{(point.IsChosen ? ", chosen" : "")}"
            )
        );

    private static string Acquaintance(TaskAcquaintance task) =>
        (task.Task is { } name ? $"{SafeText.Shorten(name, MaxNameLength)}: they" : "they")
        + $" do not look alike to this embedder: {Quantity.Percent(task.Percentile)} of the pool's rows are nearer to "
        + "the others than one that is held out; try another --embedder, more targets, or a named task for each kind";

    private static string Relevance(RelevanceSummary relevance)
    {
        string task = relevance.Task is { } name ? SafeText.Shorten(name, MaxNameLength) + ": " : "";
        string weight =
            relevance.Reliability < NotableReliability
                ? $"; it weighs {Quantity.Percent(relevance.Reliability)} of what it would with many targets"
                : "";
        return relevance.TargetShare switch
        {
            double.NaN => task + "none: the targets are too few, or too like the pool, to say what they have in common",
            <= 0 => $"{task}every drawn row is less relevant than every one of your targets{weight}",
            _ => $"{task}a drawn row is as relevant as {Quantity.Percent(relevance.TargetShare)} of your targets, on "
                + $"average{weight}",
        };
    }

    private static string Claim(Certificate certificate, long poolRows, bool hasRelevance)
    {
        string claim = certificate switch
        {
            { IsCertified: true } when poolRows == 1 => "proven optimal over the only row",
            { IsCertified: true } => $"proven optimal over all {Quantity.Of(poolRows, "row")}",
            { IsComplete: true } => "not proven optimal: the gap is wider than rounding explains",
            _ => "not proven optimal: rows beyond the fetched neighbors may be better",
        };
        return $"{claim}{(hasRelevance ? ", relevance included" : "")}: primal {Quantity.Real(certificate.Primal)}, "
            + $"dual {Quantity.Real(certificate.Dual)}, "
            + $"gap {Quantity.Tiny(certificate.Gap)}";
    }

    private static IEnumerable<string> Sources(IReadOnlyList<SourceShare> sources)
    {
        var shown = sources
            .Take(MaxSources)
            .Select(source =>
                (Name: SafeText.Shorten(source.Source, MaxNameLength), Rows: Quantity.Count(source.Rows), source.Share)
            )
            .ToList();
        int nameWidth = shown.Count > 0 ? shown.Max(source => source.Name.Length) : 0;
        int rowsWidth = shown.Count > 0 ? shown.Max(source => source.Rows.Length) : 0;
        return shown.Select(source =>
            $"{source.Name.PadRight(nameWidth)}  {source.Rows.PadLeft(rowsWidth)} "
            + $"{(source.Rows == "1" ? "row" : "rows"), -4}  {Quantity.Percent(source.Share), 7}"
        );
    }

    private static string LeftOut(ExclusionCount count) =>
        $"{Quantity.Of(count.SameText + count.Near, "candidate")} repeating "
        + $"{Quantity.Of(count.Given, "row")} of --{count.Option}: "
        + $"{Quantity.Count(count.SameText)} by text, {Quantity.Count(count.Near)} by distance"
        + (count.Option == "keep" ? "; the kept rows are written first" : "");

    private static IEnumerable<string> Tasks(IReadOnlyList<TaskShare> tasks)
    {
        var shown = tasks
            .Select(task => (Name: SafeText.Shorten(task.Task, MaxNameLength), task.Targets, task.Weight, task.Share))
            .ToList();
        int nameWidth = shown.Count > 0 ? shown.Max(task => task.Name.Length) : 0;
        return shown.Select(task =>
            $"{task.Name.PadRight(nameWidth)}  {Quantity.Of(task.Targets, "target")} asking for "
            + $"{Quantity.Percent(task.Weight)}, "
            + $"{Quantity.Percent(task.Share)} of the rows drawn"
        );
    }

    private static IEnumerable<string> HardTargets(IReadOnlyList<HardTarget> targets)
    {
        var shown = targets.Select(target => (Name: Name(target), target.NearestDistance, target.Text)).ToList();
        int nameWidth = shown.Count > 0 ? shown.Max(target => target.Name.Length) : 0;
        return shown.Select(target =>
            $"{target.Name.PadRight(nameWidth)}  nearest row at {Quantity.Short(target.NearestDistance)}"
            + (target.Text is { } text ? $": {SafeText.Shorten(text, MaxTextLength)}" : "")
        );
    }

    // Positions count from 0 everywhere; '#' keeps them apart from ids.
    private static string Name(HardTarget target) =>
        target.Id is { } id ? $"#{target.Target} {SafeText.Shorten(id, MaxNameLength)}" : $"#{target.Target}";
}
