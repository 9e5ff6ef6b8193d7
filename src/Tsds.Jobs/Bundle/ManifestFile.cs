using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Data.Tokens;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>
/// Writes <c>manifest.json</c>: what went in, what was asked, what was solved if anything was, what came out. All but
/// <c>run</c> repeats exactly.
/// </summary>
internal sealed class ManifestFile
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Gets the job.</summary>
    public required JobContext Context { get; init; }

    /// <summary>Gets pool and targets.</summary>
    public required JobInputs Inputs { get; init; }

    /// <summary>Gets the tasks with their shares.</summary>
    public IReadOnlyList<TaskShare> Tasks { get; init; } = [];

    /// <summary>Gets what was solved and drawn; null where a method without a plan selected.</summary>
    public SelectionOutcome? Outcome { get; init; }

    /// <summary>Gets what such a method chose; null where a plan was solved for.</summary>
    public MethodOutcome? Chosen { get; init; }

    /// <summary>
    /// Gets the rows of the pool that are as near as the targets are to one another, where the budget is larger; else
    /// null.
    /// </summary>
    public long? AlikeRows { get; init; }

    /// <summary>Gets the hash of the file of selected rows, lower-case hex.</summary>
    public required string SelectionSha256 { get; init; }

    private SelectionSpec Spec => Context.Spec;

    /// <summary>Writes the manifest.</summary>
    /// <param name="path">The file.</param>
    /// <param name="outputs">The names of the other files of the bundle, which lie where the manifest is
    /// written.</param>
    public void Write(string path, IReadOnlyList<string> outputs)
    {
        using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write);
        using Utf8JsonWriter json = new(stream, Options);
        json.WriteStartObject();
        WriteStatement(json);
        WriteOutputs(json, outputs, Path.GetDirectoryName(path)!);
        Context.Timings.Write(json, Context.Options);
        json.WriteEndObject();
    }

    /// <summary>Returns what the manifest says of the selection, without its files and its run.</summary>
    public string ToText()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, Options))
        {
            json.WriteStartObject();
            WriteStatement(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private void WriteStatement(Utf8JsonWriter json)
    {
        WriteTool(json);
        json.WriteStartObject("inputs");
        WriteFiles(json, "pool", Inputs.Pool.Rows?.Files ?? []);
        WriteFiles(json, "targets", Inputs.Targets.Files);
        WriteFiles(json, "poolVectors", Inputs.Pool.VectorFiles);
        WriteFiles(json, "targetVectors", Inputs.Targets.VectorFiles);
        WriteFiles(json, "exclude", FilesOf(GivenRows.Exclude, given => given.Reader?.Files));
        WriteFiles(json, "excludeVectors", FilesOf(GivenRows.Exclude, given => given.Vectors?.Files));
        WriteFiles(json, "keep", FilesOf(GivenRows.Keep, given => given.Reader?.Files));
        WriteFiles(json, "keepVectors", FilesOf(GivenRows.Keep, given => given.Vectors?.Files));
        WriteTokenizer(json);
        WriteSkippedRows(json);
        json.WriteEndObject();
        Inputs.Pool.Embedding.Write(json);
        WriteOptions(json);
        if (Outcome is { Result: { } result })
        {
            WriteSolution(json, result);
        }

        WriteSelection(json);
    }

    private IReadOnlyList<InputFile> FilesOf(string option, Func<GivenRows, IReadOnlyList<InputFile>?> files) =>
        [.. Inputs.Exclusion.Given.Where(given => given.Option == option).SelectMany(given => files(given) ?? [])];

    /// <summary>Writes which program wrote a file.</summary>
    public static void WriteTool(Utf8JsonWriter json)
    {
        Assembly assembly = typeof(DataSelector).Assembly;
        json.WriteStartObject("tool");
        json.WriteString("name", "tsds");
        json.WriteString(
            "version",
            assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
                ?? assembly.GetName().Version?.ToString()
        );
        json.WriteEndObject();
    }

    /// <summary>Writes what is known of files.</summary>
    public static void WriteFiles(Utf8JsonWriter json, string name, IReadOnlyList<InputFile> files) =>
        json.WriteObjects(
            name,
            files,
            file =>
            {
                json.WriteString("path", file.Path);
                json.WriteNumber("bytes", file.Bytes);
                json.WriteString("sha256", file.Sha256);
                json.WriteNumber("rows", file.Rows);
                if (file.Schemas.Count > 0)
                {
                    json.WriteString("container", file.Container);
                    json.WriteStartObject("schemas");
                    foreach (
                        (string schema, long rows) in file.Schemas.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                    )
                    {
                        json.WriteNumber(schema, rows);
                    }

                    json.WriteEndObject();
                    json.WriteNumber("skippedRows", file.SkippedRows);
                }
            }
        );

    private void WriteTokenizer(Utf8JsonWriter json)
    {
        string[] files = Context.Files.Tokenizer is { } tokenizer ? [tokenizer] : [];
        json.WriteObjects(
            "tokenizer",
            files,
            path =>
            {
                json.WriteString("path", path);
                json.WriteNumber("bytes", new FileInfo(path).Length);
                json.WriteString("sha256", FileHash.Of(path));
            }
        );
    }

    private void WriteSkippedRows(Utf8JsonWriter json) =>
        json.WriteObjects(
            "skippedRows",
            Inputs.SkippedRows,
            skipped =>
            {
                json.WriteString("path", skipped.Path);
                json.WriteNumber("line", skipped.Line);
                json.WriteString("reason", skipped.Reason);
            }
        );

    private void WriteOptions(Utf8JsonWriter json)
    {
        json.WriteStartObject("options");
        json.WriteString("method", Spec.Method);
        json.WriteString("budget", Spec.Budget.ToString());
        json.WriteString("normalize", OptionNames.Of(Spec.Normalization));
        json.WriteNumber("seed", Spec.Seed);
        json.WriteString("template", Spec.Template);
        json.WriteString("textField", Spec.TextField);
        json.WriteString("schema", Spec.Schema);
        json.WriteString("onBadRow", OptionNames.Of(Spec.OnBadRow));
        json.WriteNumber("excludeDistance", Spec.ResolvedExcludeDistance);
        if (Outcome is { Result: { } result })
        {
            WriteTransportOptions(json, result);
        }
        else if (Chosen is { } chosen)
        {
            json.WriteNumber("bandwidth", chosen.Bandwidth);
            json.WriteStrings("automatic", ["bandwidth"]);
        }

        json.WriteEndObject();
    }

    private void WriteTransportOptions(Utf8JsonWriter json, SelectionResult result)
    {
        SelectionOptions selection = Spec.Settings;
        json.WriteString("regularizer", OptionNames.Of(selection.Regularizer));
        json.WriteNumber("alpha", result.Alpha);
        json.WriteNumber("scale", result.Scale);
        json.WriteNumber("relevance", Outcome!.Tuning?.Selection.Relevance ?? selection.Relevance);
        json.WriteBoolean("center", selection.Center);
        json.WriteString("copies", OptionNames.Of(Spec.Copies));
        json.WriteNumber("bandwidth", result.Bandwidth);
        json.WriteString("densityBase", OptionNames.Of(selection.DensityBase));
        json.WriteFinite("neighbors", selection.EffectiveNeighbors);
        json.WriteString("sampling", OptionNames.Of(selection.Sampling));
        json.WriteString("count", OptionNames.Of(Spec.Count));
        json.WriteStrings("automatic", AutomaticOptions());
    }

    /// <summary>The options whose values the data chose.</summary>
    private IEnumerable<string> AutomaticOptions()
    {
        SelectionOptions selection = Spec.Settings;
        if (Spec.TunesAlpha)
        {
            yield return "alpha";
        }

        if (Spec.TunesRelevance)
        {
            yield return "relevance";
        }

        if (selection.Scale is null && selection.EffectiveNeighbors is null)
        {
            yield return "scale";
        }

        if (selection.Bandwidth is null && selection.Regularizer == Regularizer.Density)
        {
            yield return "bandwidth";
        }
    }

    private void WriteSolution(Utf8JsonWriter json, SelectionResult result)
    {
        Certificate certificate = result.Certificate;
        json.WriteStartObject("solution");
        json.WriteString("regularizer", OptionNames.Of(Spec.Regularizer));
        json.WriteNumber("alpha", result.Alpha);
        json.WriteNumber("scale", result.Scale);
        json.WriteFinite("tradeoff", result.Tradeoff);
        json.WriteNumber("bandwidth", result.Bandwidth);
        json.WriteFinite("effectiveNeighbors", result.EffectiveNeighbors);
        json.WriteNumber("transportCost", result.TransportCost);
        json.WriteNumber("primal", certificate.Primal);
        json.WriteNumber("dual", certificate.Dual);
        json.WriteNumber("gap", certificate.RelativeGap);
        json.WriteBoolean("certified", certificate.IsCertified);
        json.WriteNumber("support", result.Plan.CandidateIds.Length);
        json.WriteNumber("expectedDistinct", result.ExpectedDistinct);
        int[] used = [.. result.Targets.Select(target => target.NeighborsUsed).Order()];
        json.WriteStartObject("neighborsUsed");
        json.WriteNumber("median", used[used.Length / 2]);
        json.WriteNumber("max", used[^1]);
        json.WriteEndObject();
        json.WriteNumber("densitiesEvaluated", result.DensitiesEvaluated);
        json.WriteNumber("nearDuplicates", result.NearDuplicateCount);
        WriteRelevance(json, result);
        json.WriteFinite("alikeRows", AlikeRows);
        json.WriteEndObject();
    }

    private void WriteRelevance(Utf8JsonWriter json, SelectionResult result) =>
        json.WriteObjects(
            "relevance",
            RelevanceSummary.Of(result, Inputs.Targets.Tasks),
            relevance =>
            {
                json.WriteString("task", relevance.Task);
                json.WriteNumber("reliability", relevance.Reliability);
                json.WriteFinite("targetShare", relevance.TargetShare);
            }
        );

    private void WriteSelection(Utf8JsonWriter json)
    {
        json.WriteStartObject("selection");
        if (Outcome is { } outcome)
        {
            json.WriteNumber("budget", outcome.BudgetRows);
            json.WriteString("sampling", OptionNames.Of(Spec.Sampling));
            json.WriteNumber("seed", Spec.Seed);
            json.WriteNumber("rows", outcome.Result.Counts.ToArray().Sum());
            json.WriteNumber("distinctRows", outcome.Result.CandidateIds.Length);
            WriteTokens(json, outcome.Tokens);
            WriteShares(json, outcome.Shares);
        }
        else if (Chosen is { } chosen)
        {
            json.WriteNumber("budget", chosen.Budget);
            json.WriteNumber("seed", Spec.Seed);
            json.WriteNumber("rows", chosen.Result.CandidateIds.Length);
            json.WriteNumber("distinctRows", chosen.Result.CandidateIds.Length);
        }

        WriteTasks(json);
        json.WriteNumber("copies", Inputs.Copies.Count);
        WriteExcluded(json);
        json.WriteString("sha256", SelectionSha256);
        json.WriteEndObject();
    }

    private void WriteExcluded(Utf8JsonWriter json) =>
        json.WriteObjects(
            "excluded",
            Inputs.Exclusion.Count(),
            count =>
            {
                json.WriteString("option", count.Option);
                json.WriteNumber("given", count.Given);
                json.WriteNumber("sameText", count.SameText);
                json.WriteNumber("near", count.Near);
            }
        );

    private static void WriteTokens(Utf8JsonWriter json, TokenTotal? total)
    {
        if (total is { } tokens)
        {
            json.WriteStartObject("tokens");
            json.WriteNumber("asked", tokens.Asked);
            json.WriteNumber("drawn", tokens.Drawn);
            json.WriteString("count", OptionNames.Of(tokens.Count));
            json.WriteBoolean("exact", tokens.IsExact);
            json.WriteEndObject();
        }
    }

    private static void WriteShares(Utf8JsonWriter json, IReadOnlyList<BoundedShare> shares) =>
        json.WriteObjects(
            "shares",
            shares,
            share =>
            {
                json.WriteString("source", share.Source);
                json.WriteNumber("floor", share.Floor);
                json.WriteNumber("cap", share.Cap);
                json.WriteNumber("unbounded", share.Unbounded);
                json.WriteNumber("drawn", share.Drawn);
            }
        );

    private void WriteTasks(Utf8JsonWriter json) =>
        json.WriteObjects(
            "tasks",
            Tasks,
            task =>
            {
                json.WriteString("task", task.Task);
                json.WriteNumber("targets", task.Targets);
                json.WriteNumber("weight", task.Weight);
                json.WriteNumber("share", task.Share);
            }
        );

    private static void WriteOutputs(Utf8JsonWriter json, IReadOnlyList<string> outputs, string folder) =>
        json.WriteObjects(
            "outputs",
            outputs,
            name =>
            {
                string path = Path.Combine(folder, name);
                json.WriteString("name", name);
                json.WriteNumber("bytes", new FileInfo(path).Length);
                json.WriteString("sha256", FileHash.Of(path));
            }
        );
}
