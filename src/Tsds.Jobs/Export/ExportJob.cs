using System.Text;
using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>
/// Writes a selection in the format of a trainer, with the settings that the trainer's configuration needs.
/// </summary>
public static class ExportJob
{
    private const int ListedRows = 20;
    private const int MaxListedSkips = 1_000;

    /// <summary>Exports a selection.</summary>
    /// <param name="options">What, for whom, where to.</param>
    /// <param name="cancellationToken">Stops the export; nothing is left behind.</param>
    /// <returns>What was written.</returns>
    /// <remarks>
    /// Reads the selection three times and holds one row at a time; Parquet holds one group of rows, at most 64 MiB of
    /// JSON.
    /// </remarks>
    /// <exception cref="FileNotFoundException">The folder holds no selection of rows.</exception>
    /// <exception cref="InvalidDataException">The trainer cannot use the rows, or some of them and those are not to be
    /// left out; the message lists them.</exception>
    /// <exception cref="IOException">A file of that name exists and is not to be replaced, or cannot be
    /// written.</exception>
    public static ExportSummary Run(ExportJobOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Trainer == Trainer.HuggingFace)
        {
            options = options with { Format = ExportFormat.Parquet };
        }

        string selected = Path.Combine(options.Selection, "selected.jsonl");
        if (!File.Exists(selected))
        {
            throw new FileNotFoundException(
                $"{selected}: expected the selected rows, found no such file; select with --pool, because "
                    + $"ready-made vectors alone have no rows to train on.",
                selected
            );
        }

        string? textField = ReadTextField(options.Selection);
        SchemaSurvey survey = SchemaSurvey.Of(Watch(SelectedRow.Read(selected, textField), cancellationToken));
        RowLayout layout = RowLayout.Choose(options.Trainer, survey);
        bool hasTools = survey.HasTools;
        RowConverter converter = new(layout, textField, hasTools);
        RowChecks checks = new(options.Trainer, layout);
        List<SkippedRow> problems = [];
        HashSet<long> skipped = [];
        foreach (SelectedRow row in Watch(SelectedRow.Read(selected, textField), cancellationToken))
        {
            using JsonDocument written = JsonDocument.Parse(converter.Convert(row));
            if (checks.Find(written.RootElement, row.Number) is { } problem)
            {
                skipped.Add(row.Number);
                if (problems.Count < MaxListedSkips)
                {
                    problems.Add(new SkippedRow(selected, row.Number, problem));
                }
            }
        }

        long rowCount = survey.Rows.Values.Sum() - skipped.Count;
        if (skipped.Count > 0 && (options.OnBadRow == BadRowPolicy.Fail || rowCount == 0))
        {
            throw new InvalidDataException(Describe(options.Trainer, problems, skipped.Count, rowCount));
        }

        IEnumerable<byte[]> rows = Watch(SelectedRow.Read(selected, textField), cancellationToken)
            .Where(row => !skipped.Contains(row.Number))
            .Select(converter.Convert);
        using StagedFolder folder = StagedFolder.Create(options.Output);
        string dataFile = WriteRows(options, rows, checks.Shape, folder);
        TrainerSnippet snippet = TrainerSnippet.Create(options, layout, dataFile);
        WriteText(folder, snippet.FileName, snippet.Text);
        if (options.Trainer == Trainer.LlamaFactory)
        {
            string info = DatasetInfo.Merge(
                Path.Combine(options.Output, DatasetInfo.FileName),
                options.Name,
                TrainerSnippet.DatasetInfoEntry(layout, dataFile, hasTools),
                options.Force
            );
            WriteText(folder, DatasetInfo.FileName, info);
        }

        CheckNew(options, folder);

        return new ExportSummary(
            rowCount,
            RowSchemas.NameOf(layout.Schema),
            layout.IsVerbatim && options.Format == ExportFormat.Jsonl,
            problems,
            skipped.Count,
            folder.Commit(),
            snippet.Text
        );
    }

    /// <summary>
    /// Throws if files would be replaced; <c>dataset_info.json</c> keeps its content and gets the new entry.
    /// </summary>
    private static void CheckNew(ExportJobOptions options, StagedFolder folder)
    {
        string? taken = folder.Written().FirstOrDefault(name => name != DatasetInfo.FileName && folder.Replaces(name));
        if (taken is not null && !options.Force)
        {
            throw new IOException(
                $"{Path.Combine(Path.GetFullPath(options.Output), taken)} exists already; choose another --out or "
                    + "--name, or replace it with --force."
            );
        }
    }

    private static void WriteText(StagedFolder folder, string name, string text) =>
        File.WriteAllText(folder.PathOf(name), text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    private static IEnumerable<SelectedRow> Watch(IEnumerable<SelectedRow> rows, CancellationToken cancellationToken)
    {
        foreach (SelectedRow row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    /// <summary>Writes the rows, and for the Hugging Face hub the README that names the files.</summary>
    /// <returns>The path of the rows in the folder, a pattern where there are several files.</returns>
    private static string WriteRows(
        ExportJobOptions options,
        IEnumerable<byte[]> rows,
        JsonShape shape,
        StagedFolder folder
    )
    {
        if (options.Format == ExportFormat.Jsonl)
        {
            string name = options.Name + ".jsonl";
            using FileStream stream = new(folder.PathOf(name), FileMode.CreateNew);
            foreach (byte[] row in rows)
            {
                stream.Write(row);
                stream.WriteByte((byte)'\n');
            }

            return name;
        }

        string data = options.Trainer == Trainer.HuggingFace ? "data" : options.Name;
        Directory.CreateDirectory(folder.PathOf(data));
        IReadOnlyList<string> names = ParquetFiles.Write(rows, shape, folder.PathOf(data), options.MaxShardBytes);
        if (options.Trainer == Trainer.HuggingFace)
        {
            WriteText(
                folder,
                "README.md",
                "---\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: "
                    + "data/train-*\n---\n\nSelected with Tsds.\n"
            );
        }

        return names.Count == 1 ? $"{data}/{names[0]}"
            : options.Trainer == Trainer.LlamaFactory ? data
            : $"{data}/train-*.parquet";
    }

    private static string? ReadTextField(string selection)
    {
        string path = Path.Combine(selection, "manifest.json");
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using JsonDocument manifest = JsonDocument.Parse(File.ReadAllBytes(path));
            return
                manifest.RootElement.TryGetProperty("options", out JsonElement chosen)
                && chosen.TryGetProperty("textField", out JsonElement field)
                ? field.GetString()
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException(
                $"{path}: expected the manifest of a selection, found something else; make the selection again."
            );
        }
    }

    private static string Describe(Trainer trainer, List<SkippedRow> problems, long count, long usable)
    {
        string listed = string.Join(
            "; ",
            problems.Take(ListedRows).Select(problem => $"line {problem.Line}: {problem.Reason}")
        );
        string more = count > ListedRows ? $"; and {count - ListedRows:N0} more" : "";
        string advice = usable == 0 ? "." : ". Correct them in the pool, or leave them out with --on-bad-row skip.";
        return $"{problems[0].Path}: expected rows that {RowLayout.NameOf(trainer)} can train on, found {count:N0} "
            + $"that it cannot{(usable == 0 ? ", all there are" : "")}: "
            + listed
            + more
            + advice;
    }
}
