using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;
using Tsds.Orleans;

namespace Tsds.Cli.Output;

/// <summary>The events of <c>tsds select</c>.</summary>
internal static class SelectEvents
{
    public static JsonEvent Plan(SelectionEstimate plan) =>
        new(
            "plan",
            json =>
            {
                json.WriteStrings("poolFiles", plan.PoolFiles);
                json.WriteStrings("targetFiles", plan.TargetFiles);
                json.WriteNumber("poolBytes", plan.PoolBytes);
                json.WriteFinite("poolRows", plan.PoolRows);
                json.WriteFinite("targetRows", plan.TargetRows);
                json.WriteString("embedder", plan.Embedder);
                json.WriteFinite("dimension", plan.Dimension);
                json.WriteFinite("memoryBytes", plan.MemoryBytes);
                json.WriteStrings("notes", plan.Notes);
            }
        );

    public static JsonEvent Result(SelectionSummary summary, string output) =>
        new(
            "result",
            json =>
            {
                json.WriteString("output", output);
                json.WriteString("method", summary.Method);
                json.WriteNumber("poolRows", summary.PoolRows);
                json.WriteNumber("targetRows", summary.TargetRows);
                json.WriteNumber("skippedRows", summary.SkippedRows);
                json.WriteNumber("nearDuplicates", summary.NearDuplicateCount);
                json.WriteNumber("copies", summary.CopyCount);
                json.WriteNumber("densitiesEvaluated", summary.DensitiesEvaluated);
                json.WriteFinite("alpha", summary.Alpha);
                WriteTuning(json, summary.Tuning);
                json.WriteFinite("scale", summary.Scale);
                json.WriteFinite("bandwidth", summary.Bandwidth);
                json.WriteFinite("effectiveNeighbors", summary.EffectiveNeighbors);
                json.WriteFinite("primal", summary.Certificate?.Primal);
                json.WriteFinite("dual", summary.Certificate?.Dual);
                json.WriteFinite("gap", summary.Certificate?.Gap);
                json.WriteBoolean("certified", summary.Certificate is { IsCertified: true });
                WriteRelevance(json, summary.Relevance);
                json.WriteNumber("budget", summary.Budget);
                json.WriteFinite("alikeRows", summary.AlikeRows);
                json.WriteNumber("rows", summary.Rows);
                json.WriteNumber("distinctRows", summary.DistinctRows);
                json.WriteFinite("expectedDistinct", summary.ExpectedDistinct);
                WriteSources(json, summary.TopSources);
                json.WriteFinite("tokensAsked", summary.Tokens?.Asked);
                json.WriteFinite("tokensDrawn", summary.Tokens?.Drawn);
                WriteShares(json, summary.Shares);
                WriteTasks(json, summary.Tasks);
                WriteExcluded(json, summary.Excluded);
                WriteTargets(json, summary.HardestTargets);
                json.WriteString("embedding", summary.Embedding);
                json.WriteString("index", summary.Index);
                json.WriteStrings("filesWritten", summary.FilesWritten);
                json.WriteNumber("elapsedSeconds", Math.Round(summary.Elapsed.TotalSeconds, 3));
                json.WriteNumber("peakMemoryBytes", summary.PeakMemoryBytes);
            }
        );

    public static JsonEvent Cluster(int workers, ClusterTraffic traffic) =>
        new(
            "cluster",
            json =>
            {
                json.WriteNumber("workers", workers);
                json.WriteNumber("sentBytes", traffic.SentBytes);
                json.WriteNumber("receivedBytes", traffic.ReceivedBytes);
                json.WriteNumber("retries", traffic.Retries);
            }
        );

    private static void WriteTuning(Utf8JsonWriter json, SelectionTuning? tuning) =>
        json.WriteObjects(
            "tuning",
            tuning?.Curve ?? [],
            point =>
            {
                json.WriteFinite("relevance", point.Relevance);
                json.WriteFinite("alpha", point.Alpha);
                json.WriteFinite("heldOutDistance", point.HeldOutDistance);
                json.WriteFinite("standardError", point.StandardError);
            }
        );

    private static void WriteRelevance(Utf8JsonWriter json, IReadOnlyList<RelevanceSummary> relevance) =>
        json.WriteObjects(
            "relevance",
            relevance,
            task =>
            {
                json.WriteString("task", task.Task);
                json.WriteFinite("reliability", task.Reliability);
                json.WriteFinite("targetShare", task.TargetShare);
            }
        );

    private static void WriteSources(Utf8JsonWriter json, IReadOnlyList<SourceShare> sources) =>
        json.WriteObjects(
            "topSources",
            sources,
            source =>
            {
                json.WriteString("source", source.Source);
                json.WriteNumber("rows", source.Rows);
                json.WriteFinite("share", source.Share);
            }
        );

    private static void WriteExcluded(Utf8JsonWriter json, IReadOnlyList<ExclusionCount> excluded) =>
        json.WriteObjects(
            "excluded",
            excluded,
            count =>
            {
                json.WriteString("option", count.Option);
                json.WriteNumber("given", count.Given);
                json.WriteNumber("sameText", count.SameText);
                json.WriteNumber("near", count.Near);
            }
        );

    private static void WriteShares(Utf8JsonWriter json, IReadOnlyList<BoundedShare> shares) =>
        json.WriteObjects(
            "shares",
            shares,
            share =>
            {
                json.WriteString("source", share.Source);
                json.WriteFinite("floor", share.Floor);
                json.WriteFinite("cap", share.Cap);
                json.WriteFinite("unbounded", share.Unbounded);
                json.WriteFinite("drawn", share.Drawn);
            }
        );

    private static void WriteTasks(Utf8JsonWriter json, IReadOnlyList<TaskShare> tasks) =>
        json.WriteObjects(
            "tasks",
            tasks,
            task =>
            {
                json.WriteString("task", task.Task);
                json.WriteNumber("targets", task.Targets);
                json.WriteFinite("weight", task.Weight);
                json.WriteFinite("share", task.Share);
            }
        );

    private static void WriteTargets(Utf8JsonWriter json, IReadOnlyList<HardTarget> targets) =>
        json.WriteObjects(
            "hardestTargets",
            targets,
            target =>
            {
                json.WriteNumber("target", target.Target);
                json.WriteString("id", target.Id);
                json.WriteFinite("nearestDistance", target.NearestDistance);
                json.WriteString("text", target.Text);
            }
        );
}
