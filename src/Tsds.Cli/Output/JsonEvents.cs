using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tsds.Data;
using Tsds.Data.Export;
using Tsds.Data.Verification;
using Tsds.Evaluation.Comparison;
using Tsds.Orleans;

namespace Tsds.Cli.Output;

/// <summary>Writes one JSON object per line: plan, progress, result, error (docs/cli.md).</summary>
internal sealed class JsonEvents
{
    private static readonly JsonSerializerOptions Explanations = new(JsonSerializerDefaults.Web);

    private readonly TextWriter _output;

    public JsonEvents(TextWriter output)
    {
        _output = output;
    }

    public void WritePlan(SelectionPlan plan) =>
        Write("plan", json =>
        {
            WriteStrings(json, "poolFiles", plan.PoolFiles);
            WriteStrings(json, "targetFiles", plan.TargetFiles);
            json.WriteNumber("poolBytes", plan.PoolBytes);
            WriteNumber(json, "poolRows", plan.PoolRows);
            WriteNumber(json, "targetRows", plan.TargetRows);
            json.WriteString("embedder", plan.Embedder);
            WriteNumber(json, "dimension", plan.Dimension);
            WriteNumber(json, "memoryBytes", plan.MemoryBytes);
            WriteStrings(json, "notes", plan.Notes);
        });

    public void WriteProgress(string stage, long done, long? total, TimeSpan elapsed) =>
        Write("progress", json =>
        {
            json.WriteString("stage", stage);
            json.WriteNumber("done", done);
            WriteNumber(json, "total", total);
            json.WriteNumber("stageSeconds", Math.Round(elapsed.TotalSeconds, 3));
        });

    public void WriteParts(PartsNeededException needed) =>
        Write("parts", json =>
        {
            json.WriteString("stage", ShardCommand.Stages.WordFor(needed.Stage));
            json.WriteNumber("round", needed.Round);
            json.WriteNumber("of", needed.Count);
            json.WriteStartArray("missing");
            foreach (int index in needed.Missing)
            {
                json.WriteNumberValue(index);
            }

            json.WriteEndArray();
            WriteStrings(json, "damaged", needed.Damaged);
        });

    public void WriteCluster(int workers, ClusterTraffic traffic) =>
        Write("cluster", json =>
        {
            json.WriteNumber("workers", workers);
            json.WriteNumber("sentBytes", traffic.SentBytes);
            json.WriteNumber("receivedBytes", traffic.ReceivedBytes);
            json.WriteNumber("retries", traffic.Retries);
        });

    public void WriteShard(ShardSummary summary) =>
        Write("result", json =>
        {
            json.WriteString("part", summary.Part);
            json.WriteNumber("round", summary.Round);
            json.WriteNumber("rows", summary.Rows);
            json.WriteBoolean("wasFinished", summary.WasFinished);
            json.WriteNumber("elapsedSeconds", Math.Round(summary.Elapsed.TotalSeconds, 3));
        });

    public void WriteResult(SelectionSummary summary, string output) =>
        Write("result", json =>
        {
            json.WriteString("output", output);
            json.WriteString("method", summary.Method);
            json.WriteNumber("poolRows", summary.PoolRows);
            json.WriteNumber("targetRows", summary.TargetRows);
            json.WriteNumber("skippedRows", summary.SkippedRows);
            json.WriteNumber("nearDuplicates", summary.NearDuplicateCount);
            json.WriteNumber("densitiesEvaluated", summary.DensitiesEvaluated);
            WriteNumber(json, "alpha", summary.Alpha);
            WriteTuning(json, summary.Tuning);
            WriteNumber(json, "scale", summary.Scale);
            WriteNumber(json, "bandwidth", summary.Bandwidth);
            WriteNumber(json, "effectiveNeighbors", summary.EffectiveNeighbors);
            WriteNumber(json, "primal", summary.Certificate?.Primal);
            WriteNumber(json, "dual", summary.Certificate?.Dual);
            WriteNumber(json, "gap", summary.Certificate?.Gap);
            json.WriteBoolean("certified", summary.Certificate is { IsCertified: true });
            json.WriteNumber("budget", summary.Budget);
            json.WriteNumber("rows", summary.Rows);
            json.WriteNumber("distinctRows", summary.DistinctRows);
            WriteNumber(json, "expectedDistinct", summary.ExpectedDistinct);
            WriteSources(json, summary.TopSources);
            WriteNumber(json, "tokensAsked", summary.Tokens?.Asked);
            WriteNumber(json, "tokensDrawn", summary.Tokens?.Drawn);
            WriteShares(json, summary.Shares);
            WriteTasks(json, summary.Tasks);
            WriteExcluded(json, summary.Excluded);
            WriteTargets(json, summary.HardestTargets);
            json.WriteString("embedding", summary.Embedding);
            json.WriteString("index", summary.Index);
            WriteStrings(json, "filesWritten", summary.FilesWritten);
            json.WriteNumber("elapsedSeconds", Math.Round(summary.Elapsed.TotalSeconds, 3));
            json.WriteNumber("peakMemoryBytes", summary.PeakMemoryBytes);
        });

    public void WriteMethod(MethodScore score) => Write("method", json => WriteScore(json, score));

    public void WriteResult(CompareSummary summary, string output) =>
        Write("result", json =>
        {
            json.WriteString("output", output);
            json.WriteNumber("poolRows", summary.PoolRows);
            json.WriteNumber("targetRows", summary.TargetRows);
            json.WriteNumber("targetGroups", summary.TargetGroups);
            json.WriteNumber("folds", summary.Folds);
            json.WriteNumber("skippedRows", summary.SkippedRows);
            json.WriteNumber("budget", summary.Budget);
            WriteNumber(json, "bandwidth", summary.Bandwidth);
            json.WriteStartArray("methods");
            foreach (MethodScore score in summary.Methods)
            {
                json.WriteStartObject();
                WriteScore(json, score);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("leftOut");
            foreach (LeftOutMethod method in summary.LeftOut)
            {
                json.WriteStartObject();
                json.WriteString("method", method.Method);
                json.WriteString("reason", method.Reason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNumber("knownMethods", summary.KnownMethods);
            json.WriteString("embedding", summary.Embedding);
            WriteStrings(json, "filesWritten", summary.FilesWritten);
            json.WriteNumber("elapsedSeconds", Math.Round(summary.Elapsed.TotalSeconds, 3));
            json.WriteNumber("estimatedMemoryBytes", summary.EstimatedMemoryBytes);
            json.WriteNumber("peakMemoryBytes", summary.PeakMemoryBytes);
        });

    public void WritePlan(EmbedPlan plan) =>
        Write("plan", json =>
        {
            WriteStrings(json, "poolFiles", plan.PoolFiles);
            json.WriteNumber("poolBytes", plan.PoolBytes);
            json.WriteString("embedder", plan.Embedder);
            WriteNumber(json, "dimension", plan.Dimension);
            WriteNumber(json, "memoryBytes", plan.MemoryBytes);
            WriteStrings(json, "notes", plan.Notes);
        });

    public void WriteEmbed(EmbedSummary summary, string output) =>
        Write("result", json =>
        {
            json.WriteString("output", output);
            json.WriteNumber("rows", summary.Rows);
            json.WriteNumber("embeddedRows", summary.EmbeddedRows);
            json.WriteNumber("skippedRows", summary.SkippedRows);
            json.WriteNumber("dimension", summary.Dimension);
            json.WriteString("embedder", summary.Embedder);
            json.WriteNumber("storeBytes", summary.StoreBytes);
            json.WriteNumber("elapsedSeconds", Math.Round(summary.Elapsed.TotalSeconds, 3));
            json.WriteNumber("peakMemoryBytes", summary.PeakMemoryBytes);
        });

    public void WriteCache(string folder, IReadOnlyList<VectorCacheEntry> entries) =>
        Write("cache", json =>
        {
            json.WriteString("folder", folder);
            json.WriteNumber("bytes", entries.Sum(entry => entry.Bytes));
            json.WriteStartArray("entries");
            foreach (VectorCacheEntry entry in entries)
            {
                json.WriteStartObject();
                json.WriteString("embedder", entry.Embedder);
                WriteNumber(json, "dimension", entry.Dimension);
                json.WriteNumber("rows", entry.Rows);
                json.WriteNumber("bytes", entry.Bytes);
                json.WriteString("lastUsed", entry.LastUsed);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    public void WriteCleared(string folder, long bytes) =>
        Write("cleared", json =>
        {
            json.WriteString("folder", folder);
            json.WriteNumber("bytes", bytes);
        });

    public void WriteIndex(IndexSummary summary, string output) =>
        Write("result", json =>
        {
            json.WriteString("output", output);
            json.WriteNumber("poolRows", summary.PoolRows);
            json.WriteNumber("dimension", summary.Dimension);
            json.WriteNumber("poolBytes", summary.PoolBytes);
            json.WriteNumber("indexBytes", summary.IndexBytes);
            json.WriteNumber("elapsedSeconds", Math.Round(summary.Elapsed.TotalSeconds, 3));
            json.WriteNumber("peakMemoryBytes", summary.PeakMemoryBytes);
        });

    public void WriteInspection(InspectReport report)
    {
        foreach (InspectedFile file in report.Files)
        {
            Write("file", json =>
            {
                json.WriteString("path", file.Path);
                json.WriteString("problem", file.Problem);
                json.WriteString("container", file.File?.Container);
                json.WriteString("schema", file.File?.Schema);
                WriteCounts(json, "schemas", file.File?.Schemas ?? new Dictionary<string, long>());
                json.WriteNumber("rows", file.File?.Rows ?? 0);
                json.WriteNumber("badRows", file.File?.SkippedRows ?? 0);
                WriteStrings(json, "firstBadRows", [.. file.SkippedRows.Take(10).Select(row => $"{row.Line}: {row.Reason}")]);
                json.WriteNumber("bytes", file.File?.Bytes ?? 0);
                json.WriteString("sha256", file.File?.Sha256);
                json.WriteNumber("characters", file.Characters);
                json.WriteNumber("tokens", file.Tokens);
                WriteCounts(json, "emptyFields", file.EmptyFields);
                WriteCounts(json, "letters", file.Letters);
            });
        }

        Write("result", json =>
        {
            json.WriteNumber("files", report.Files.Count);
            json.WriteNumber("rows", report.Rows);
            json.WriteNumber("bytes", report.Bytes);
            json.WriteNumber("characters", report.Characters);
            json.WriteNumber("tokens", report.Tokens);
            json.WriteNumber("duplicateRows", report.DuplicateRows);
            json.WriteBoolean("duplicateRowsExact", report.IsDuplicateCountExact);
            json.WriteNumber("plannedMemoryBytes", report.PlannedMemoryBytes);
            json.WriteNumber("plannedSeconds", Math.Round(report.PlannedTime.TotalSeconds, 1));
            json.WriteNumber("elapsedSeconds", Math.Round(report.Elapsed.TotalSeconds, 3));
            json.WriteNumber("peakMemoryBytes", report.PeakMemoryBytes);
        });
    }

    public void WriteVerification(IReadOnlyList<VerificationCheck> checks, bool agrees) =>
        Write("result", json =>
        {
            json.WriteBoolean("agrees", agrees);
            json.WriteStartArray("checks");
            foreach (VerificationCheck check in checks)
            {
                json.WriteStartObject();
                json.WriteString("name", check.Name);
                json.WriteBoolean("agrees", check.Agrees);
                json.WriteString("text", check.Text);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });

    /// <summary>Writes the properties of an explanation.</summary>
    public void WriteExplanation(object explanation) =>
        Write("result", json =>
        {
            foreach ((string name, JsonNode? value) in JsonSerializer.SerializeToNode(explanation, explanation.GetType(), Explanations)!.AsObject())
            {
                json.WritePropertyName(name);
                if (value is null)
                {
                    json.WriteNullValue();
                }
                else
                {
                    value.WriteTo(json);
                }
            }
        });

    public void WriteExport(ExportSummary summary) =>
        Write("result", json =>
        {
            json.WriteNumber("rows", summary.Rows);
            json.WriteString("schema", summary.Schema);
            json.WriteBoolean("verbatim", summary.IsVerbatim);
            json.WriteNumber("skippedRows", summary.SkippedCount);
            WriteStrings(json, "files", summary.FilesWritten);
            json.WriteString("snippet", summary.Snippet);
        });

    public void WriteError(string message, int exitCode) =>
        Write("error", json =>
        {
            json.WriteString("message", message);
            json.WriteNumber("exitCode", exitCode);
        });

    private static void WriteScore(Utf8JsonWriter json, MethodScore score)
    {
        json.WriteString("method", score.Method);
        WriteNumber(json, "wasserstein1Skill", score.WassersteinSkill);
        WriteNumber(json, "wasserstein1SkillLow", score.WassersteinInterval?.Low);
        WriteNumber(json, "wasserstein1SkillHigh", score.WassersteinInterval?.High);
        WriteNumber(json, "klReduction", score.KlReduction);
        WriteNumber(json, "coverageDistance", score.CoverageDistance);
        WriteNumber(json, "vendiToPool", score.VendiToPool);
        WriteNumber(json, "nearDuplicateRate", score.NearDuplicateRate);
        WriteNumber(json, "leakRate", score.LeakRate);
        WriteNumber(json, "crossEntropySkill", score.CrossEntropySkill);
        WriteNumber(json, "tokens", score.Tokens);
        WriteNumber(json, "relativeGap", score.Gap);
        WriteNumber(json, "seconds", score.Seconds);
    }

    private static void WriteTuning(Utf8JsonWriter json, IReadOnlyList<TuningPoint>? tuning)
    {
        json.WriteStartArray("tuning");
        foreach (TuningPoint point in tuning ?? [])
        {
            json.WriteStartObject();
            WriteNumber(json, "alpha", point.Alpha);
            WriteNumber(json, "heldOutDistance", point.HeldOutDistance);
            WriteNumber(json, "standardError", point.StandardError);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSources(Utf8JsonWriter json, IReadOnlyList<SourceShare> sources)
    {
        json.WriteStartArray("topSources");
        foreach (SourceShare source in sources)
        {
            json.WriteStartObject();
            json.WriteString("source", source.Source);
            json.WriteNumber("rows", source.Rows);
            WriteNumber(json, "share", source.Share);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteExcluded(Utf8JsonWriter json, IReadOnlyList<ExclusionCount> excluded)
    {
        json.WriteStartArray("excluded");
        foreach (ExclusionCount count in excluded)
        {
            json.WriteStartObject();
            json.WriteString("option", count.Option);
            json.WriteNumber("given", count.Given);
            json.WriteNumber("sameText", count.SameText);
            json.WriteNumber("near", count.Near);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteShares(Utf8JsonWriter json, IReadOnlyList<BoundedShare> shares)
    {
        json.WriteStartArray("shares");
        foreach (BoundedShare share in shares)
        {
            json.WriteStartObject();
            json.WriteString("source", share.Source);
            WriteNumber(json, "floor", share.Floor);
            WriteNumber(json, "cap", share.Cap);
            WriteNumber(json, "unbounded", share.Unbounded);
            WriteNumber(json, "drawn", share.Drawn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTasks(Utf8JsonWriter json, IReadOnlyList<TaskShare> tasks)
    {
        json.WriteStartArray("tasks");
        foreach (TaskShare task in tasks)
        {
            json.WriteStartObject();
            json.WriteString("task", task.Task);
            json.WriteNumber("targets", task.Targets);
            WriteNumber(json, "weight", task.Weight);
            WriteNumber(json, "share", task.Share);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTargets(Utf8JsonWriter json, IReadOnlyList<HardTarget> targets)
    {
        json.WriteStartArray("hardestTargets");
        foreach (HardTarget target in targets)
        {
            json.WriteStartObject();
            json.WriteNumber("target", target.Target);
            json.WriteString("id", target.Id);
            WriteNumber(json, "nearestDistance", target.NearestDistance);
            json.WriteString("text", target.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, long> counts)
    {
        json.WriteStartObject(name);
        foreach ((string key, long count) in counts)
        {
            json.WriteNumber(key, count);
        }

        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    // JSON has no infinity: a scale without bound is null.
    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private void Write(string name, Action<Utf8JsonWriter> writeProperties)
    {
        // Relaxed: the lines are for programs and logs, never part of a page, and keep letters of every language readable.
        JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, options))
        {
            json.WriteStartObject();
            json.WriteString("event", name);
            writeProperties(json);
            json.WriteEndObject();
        }

        _output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
        _output.Flush();
    }
}
