using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tsds.Data.Constraints;
using Tsds.Data.Embedding;
using Tsds.Data.Exclusion;
using Tsds.Data.Rows;

namespace Tsds.Data.Output;

/// <summary>Writes <c>manifest.json</c>: what went in, what was asked, what was solved, what came out. All but <c>run</c> repeats exactly.</summary>
internal sealed class ManifestFile
{
    private static readonly JsonWriterOptions Options = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Gets the job as asked.</summary>
    public required SelectionJobOptions Job { get; init; }

    /// <summary>Gets what was solved.</summary>
    public required SelectionResult Result { get; init; }

    /// <summary>Gets the tasks with their shares.</summary>
    public required IReadOnlyList<TaskShare> Tasks { get; init; }

    /// <summary>Gets the candidates that were left out.</summary>
    public required ExcludedCandidates Excluded { get; init; }

    /// <summary>Gets what became of the budget and of bounds on sources.</summary>
    public required SelectionOutcome Outcome { get; init; }

    /// <summary>Gets where embeddings come from.</summary>
    public required EmbeddingRecord Embedding { get; init; }

    /// <summary>Gets the row files of the pool; empty when only vectors were given.</summary>
    public required IReadOnlyList<InputFile> Pool { get; init; }

    /// <summary>Gets the row files of the targets; empty when only vectors were given.</summary>
    public required IReadOnlyList<InputFile> Targets { get; init; }

    /// <summary>Gets the vector files of the pool.</summary>
    public required IReadOnlyList<InputFile> PoolVectors { get; init; }

    /// <summary>Gets the vector files of the targets.</summary>
    public required IReadOnlyList<InputFile> TargetVectors { get; init; }

    /// <summary>Gets the rows that were left out.</summary>
    public required IReadOnlyList<SkippedRow> SkippedRows { get; init; }

    /// <summary>Gets the hash of the file of selected rows, lower-case hex.</summary>
    public required string SelectionSha256 { get; init; }

    /// <summary>Gets the names of the other files of the bundle, which lie where the manifest is written.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>Gets what may differ between two runs.</summary>
    public required RunRecord Run { get; init; }

    public void Write(string path)
    {
        using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write);
        using Utf8JsonWriter json = new(stream, Options);
        json.WriteStartObject();
        WriteTool(json);
        json.WriteStartObject("inputs");
        WriteFiles(json, "pool", Pool);
        WriteFiles(json, "targets", Targets);
        WriteFiles(json, "poolVectors", PoolVectors);
        WriteFiles(json, "targetVectors", TargetVectors);
        WriteFiles(json, "exclude", FilesOf(GivenRows.Exclude, given => given.Reader?.Files));
        WriteFiles(json, "excludeVectors", FilesOf(GivenRows.Exclude, given => given.Vectors?.Files));
        WriteFiles(json, "keep", FilesOf(GivenRows.Keep, given => given.Reader?.Files));
        WriteFiles(json, "keepVectors", FilesOf(GivenRows.Keep, given => given.Vectors?.Files));
        WriteTokenizer(json);
        WriteSkippedRows(json);
        json.WriteEndObject();
        Embedding.Write(json);
        WriteOptions(json);
        WriteSolution(json);
        WriteSelection(json);
        WriteOutputs(json, Path.GetDirectoryName(path)!);
        Run.Write(json, Job);
        json.WriteEndObject();
    }

    private IReadOnlyList<InputFile> FilesOf(string option, Func<GivenRows, IReadOnlyList<InputFile>?> files) =>
        [.. Excluded.Given.Where(given => given.Option == option).SelectMany(given => files(given) ?? [])];

    /// <summary>Writes which program wrote a file.</summary>
    public static void WriteTool(Utf8JsonWriter json)
    {
        Assembly assembly = typeof(DataSelector).Assembly;
        json.WriteStartObject("tool");
        json.WriteString("name", "tsds");
        json.WriteString(
            "version",
            assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
                ?? assembly.GetName().Version?.ToString());
        json.WriteEndObject();
    }

    /// <summary>Writes what is known of files.</summary>
    public static void WriteFiles(Utf8JsonWriter json, string name, IReadOnlyList<InputFile> files)
    {
        json.WriteStartArray(name);
        foreach (InputFile file in files)
        {
            json.WriteStartObject();
            json.WriteString("path", file.Path);
            json.WriteNumber("bytes", file.Bytes);
            json.WriteString("sha256", file.Sha256);
            json.WriteNumber("rows", file.Rows);
            if (file.Schemas.Count > 0)
            {
                json.WriteString("container", file.Container);
                json.WriteStartObject("schemas");
                foreach ((string schema, long rows) in file.Schemas.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteNumber(schema, rows);
                }

                json.WriteEndObject();
                json.WriteNumber("skippedRows", file.SkippedRows);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteTokenizer(Utf8JsonWriter json)
    {
        json.WriteStartArray("tokenizer");
        if (Job.Tokenizer is { } tokenizer)
        {
            string path = TokenizerFile.Find(tokenizer);
            json.WriteStartObject();
            json.WriteString("path", path);
            json.WriteNumber("bytes", new FileInfo(path).Length);
            json.WriteString("sha256", FileHash.Of(path));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteSkippedRows(Utf8JsonWriter json)
    {
        json.WriteStartArray("skippedRows");
        foreach (SkippedRow skipped in SkippedRows)
        {
            json.WriteStartObject();
            json.WriteString("path", skipped.Path);
            json.WriteNumber("line", skipped.Line);
            json.WriteString("reason", skipped.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteOptions(Utf8JsonWriter json)
    {
        SelectionOptions selection = Job.Selection;
        json.WriteStartObject("options");
        json.WriteString("budget", Job.Budget.ToString());
        json.WriteString("regularizer", OptionNames.Of(selection.Regularizer));
        json.WriteNumber("alpha", Result.Alpha);
        json.WriteNumber("scale", Result.Scale);
        json.WriteNumber("bandwidth", Result.Bandwidth);
        json.WriteString("densityBase", OptionNames.Of(selection.DensityBase));
        json.WriteFinite("neighbors", selection.EffectiveNeighbors);
        json.WriteString("normalize", OptionNames.Of(Job.Normalization));
        json.WriteString("sampling", OptionNames.Of(selection.Sampling));
        json.WriteNumber("seed", selection.Seed);
        json.WriteString("template", Job.Template);
        json.WriteString("textField", Job.TextField);
        json.WriteString("schema", Job.Schema);
        json.WriteString("onBadRow", OptionNames.Of(Job.OnBadRow));
        json.WriteNumber("excludeDistance", Job.ResolvedExcludeDistance);
        json.WriteString("count", OptionNames.Of(Job.Count));
        json.WriteStartArray("automatic");
        if (Job.Tuner is not null)
        {
            json.WriteStringValue("alpha");
        }

        if (selection.Scale is null && selection.EffectiveNeighbors is null)
        {
            json.WriteStringValue("scale");
        }

        if (selection.Bandwidth is null && selection.Regularizer == Regularizer.Density)
        {
            json.WriteStringValue("bandwidth");
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteSolution(Utf8JsonWriter json)
    {
        Certificate certificate = Result.Certificate;
        json.WriteStartObject("solution");
        json.WriteString("regularizer", OptionNames.Of(Job.Selection.Regularizer));
        json.WriteNumber("alpha", Result.Alpha);
        json.WriteNumber("scale", Result.Scale);
        json.WriteFinite("tradeoff", Result.Tradeoff);
        json.WriteNumber("bandwidth", Result.Bandwidth);
        json.WriteFinite("effectiveNeighbors", Result.EffectiveNeighbors);
        json.WriteNumber("transportCost", Result.TransportCost);
        json.WriteNumber("primal", certificate.Primal);
        json.WriteNumber("dual", certificate.Dual);
        json.WriteNumber("gap", certificate.RelativeGap);
        json.WriteBoolean("certified", certificate.IsCertified);
        json.WriteNumber("support", Result.Plan.CandidateIds.Length);
        json.WriteNumber("expectedDistinct", Result.ExpectedDistinct);
        int[] used = [.. Result.Targets.Select(target => target.NeighborsUsed).Order()];
        json.WriteStartObject("neighborsUsed");
        json.WriteNumber("median", used[used.Length / 2]);
        json.WriteNumber("max", used[^1]);
        json.WriteEndObject();
        json.WriteNumber("densitiesEvaluated", Result.DensitiesEvaluated);
        json.WriteNumber("nearDuplicates", Result.NearDuplicateCount);
        json.WriteEndObject();
    }

    private void WriteSelection(Utf8JsonWriter json)
    {
        json.WriteStartObject("selection");
        json.WriteNumber("budget", Outcome.BudgetRows);
        json.WriteString("sampling", OptionNames.Of(Job.Selection.Sampling));
        json.WriteNumber("seed", Job.Selection.Seed);
        json.WriteNumber("rows", Result.Counts.ToArray().Sum());
        json.WriteNumber("distinctRows", Result.CandidateIds.Length);
        WriteTokens(json);
        WriteShares(json);
        WriteTasks(json);
        WriteExcluded(json);
        json.WriteString("sha256", SelectionSha256);
        json.WriteEndObject();
    }

    private void WriteExcluded(Utf8JsonWriter json)
    {
        json.WriteStartArray("excluded");
        foreach (ExclusionCount count in Excluded.Count())
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

    private void WriteTokens(Utf8JsonWriter json)
    {
        if (Outcome.Tokens is { } tokens)
        {
            json.WriteStartObject("tokens");
            json.WriteNumber("asked", tokens.Asked);
            json.WriteNumber("drawn", tokens.Drawn);
            json.WriteString("count", OptionNames.Of(tokens.Count));
            json.WriteBoolean("exact", tokens.IsExact);
            json.WriteEndObject();
        }
    }

    private void WriteShares(Utf8JsonWriter json)
    {
        json.WriteStartArray("shares");
        foreach (BoundedShare share in Outcome.Shares)
        {
            json.WriteStartObject();
            json.WriteString("source", share.Source);
            json.WriteNumber("floor", share.Floor);
            json.WriteNumber("cap", share.Cap);
            json.WriteNumber("unbounded", share.Unbounded);
            json.WriteNumber("drawn", share.Drawn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteTasks(Utf8JsonWriter json)
    {
        json.WriteStartArray("tasks");
        foreach (TaskShare task in Tasks)
        {
            json.WriteStartObject();
            json.WriteString("task", task.Task);
            json.WriteNumber("targets", task.Targets);
            json.WriteNumber("weight", task.Weight);
            json.WriteNumber("share", task.Share);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteOutputs(Utf8JsonWriter json, string folder)
    {
        json.WriteStartArray("outputs");
        foreach (string name in Outputs)
        {
            string path = Path.Combine(folder, name);
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("bytes", new FileInfo(path).Length);
            json.WriteString("sha256", FileHash.Of(path));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
