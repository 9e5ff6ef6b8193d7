using System.Text;
using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Jobs.Bundle;

namespace Tsds.Jobs.Export;

/// <summary>
/// Writes a selection in the format of a trainer, with the settings that the trainer's configuration needs.
/// </summary>
internal static class ExportJob
{
    private const int ListedRows = 20;
    private const int MaxListedSkips = 1_000;

    /// <summary>Exports a selection.</summary>
    /// <param name="options">What, for whom, where to.</param>
    /// <param name="cancellationToken">Stops the export; nothing is left behind.</param>
    /// <returns>What was written.</returns>
    /// <remarks>
    /// Reads the selection three times, and what it wrote twice, and holds one row at a time; Parquet holds one group
    /// of rows, at most 64 MiB of JSON.
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

        TrainerRules rules = TrainerRules.Of(options.Trainer);
        if (!rules.IsTable && options.Format == ExportFormat.Parquet)
        {
            throw new ArgumentException(
                $"Expected --format jsonl, because {rules.Name} reads no other, found parquet."
            );
        }

        string selected = Path.Combine(options.Selection, SelectionFiles.Selected);
        if (!File.Exists(selected))
        {
            throw new FileNotFoundException(
                $"{selected}: expected the selected rows, found no such file; select with --pool, because "
                    + $"ready-made vectors alone have no rows to train on.",
                selected
            );
        }

        SelectedRows? manifest = SelectedRows.Read(options.Selection);
        RowReaderOptions reading = new()
        {
            NeedsText = false,
            TextField = manifest?.Options?.TextField,
            Schema = manifest?.Options?.Schema,
        };
        bool isEdited = manifest?.AreEdited(selected) == true;
        if (isEdited && options.Dataset is not null)
        {
            throw new InvalidDataException(
                $"{selected}: expected the rows that were selected, which the card of the dataset tells of, found that "
                    + "the file was changed since; select again, or export without --push."
            );
        }

        IEnumerable<SelectedRow> Rows() => Watch(SelectedRow.Read(selected, reading), cancellationToken);
        ExportLayout layout = ExportLayout.Choose(rules, RowSurvey.Of(Rows()));
        RowWriter writer = new(layout, reading.TextField);
        RowChecks checks = new(layout);
        bool isParquet = options.Format == ExportFormat.Parquet;
        JsonShape shape = new(isLenient: isParquet);
        List<RowProblem> problems = [];
        HashSet<long> skipped = [];
        long rowCount = 0;
        foreach (SelectedRow row in Rows())
        {
            if ((checks.Find(row) ?? FindInShape(row)) is not { } problem)
            {
                rowCount++;
                continue;
            }

            skipped.Add(row.Number);
            if (problems.Count < MaxListedSkips)
            {
                problems.Add(new RowProblem(row.Number, problem));
            }
        }

        string? FindInShape(SelectedRow row)
        {
            if (!rules.IsTable)
            {
                return null;
            }

            using JsonDocument written = JsonDocument.Parse(writer.Write(row));
            return shape.Add(written.RootElement, row.Number, "");
        }

        if (skipped.Count > 0 && (options.OnBadRow == BadRowPolicy.Fail || rowCount == 0))
        {
            throw new InvalidDataException(Describe(selected, rules, problems, skipped.Count, rowCount));
        }

        if (rowCount < rules.MinRows)
        {
            throw new InvalidDataException(
                $"{selected}: expected at least {rules.MinRows} rows, which {rules.Name} needs, "
                    + $"found {rowCount}; select "
                    + "with a larger --budget."
            );
        }

        WrittenRows written = new(layout, writer);
        IEnumerable<byte[]> rows = Rows()
            .Where(row => !skipped.Contains(row.Number))
            .Select(row =>
            {
                written.Expect(row);
                return writer.Write(row);
            });
        using StagedFolder folder = StagedFolder.Create(options.Output);
        string dataFile = WriteRows(options, rows, shape, folder, out IReadOnlyList<string> files);
        written.Check(files, TrainerSnippet.NamedColumns(layout), cancellationToken);
        TrainerSnippet snippet = TrainerSnippet.Create(options, layout, dataFile);
        WriteText(folder, snippet.FileName, snippet.Text);
        if (options.Trainer == Trainer.LlamaFactory)
        {
            string info = DatasetInfo.Merge(
                Path.Combine(options.Output, DatasetInfo.FileName),
                options.Name,
                TrainerSnippet.DatasetInfoEntry(layout, dataFile),
                options.Force
            );
            WriteText(folder, DatasetInfo.FileName, info);
        }

        if (options.Dataset is { } dataset)
        {
            DatasetCard card = DatasetCard.Create(options.Selection, dataset, rowCount);
            WriteText(folder, "README.md", card.ToMarkdown());
            WriteText(folder, "croissant.json", card.ToCroissant(files[0]));
        }

        CheckNew(options, folder);

        return new ExportSummary(
            rowCount,
            RowSchemas.NameOf(layout.WrittenSchema),
            layout.Form == ExportForm.AsIs && !isParquet,
            problems,
            skipped.Count,
            folder.Commit(),
            snippet.Text
        )
        {
            IsEdited = isEdited,
        };
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

    /// <summary>Writes the rows, and for the hub the README that names the files.</summary>
    /// <param name="options">The export.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="shape">The shape of all of them.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="files">Receives the paths of the files that were written.</param>
    /// <returns>The path of the rows in the folder, a pattern where there are several files.</returns>
    private static string WriteRows(
        ExportJobOptions options,
        IEnumerable<byte[]> rows,
        JsonShape shape,
        StagedFolder folder,
        out IReadOnlyList<string> files
    )
    {
        if (options.Format == ExportFormat.Jsonl)
        {
            // NeMo looks for a file of this name in the folder that it is given.
            string name = options.Trainer == Trainer.NeMo ? "training.jsonl" : options.Name + ".jsonl";
            using FileStream stream = new(folder.PathOf(name), FileMode.CreateNew);
            foreach (byte[] row in rows)
            {
                stream.Write(row);
                stream.WriteByte((byte)'\n');
            }

            files = [stream.Name];
            return name;
        }

        string data = options.Trainer == Trainer.HuggingFace ? "data" : options.Name;
        string path = folder.PathOf(data);
        Directory.CreateDirectory(path);
        IReadOnlyList<string> names = ParquetFiles.Write(rows, shape, path, options.MaxShardBytes);
        files = [.. names.Select(name => Path.Combine(path, name))];
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

    private static string Describe(string path, TrainerRules rules, List<RowProblem> problems, long count, long usable)
    {
        string listed = string.Join(
            "; ",
            problems.Take(ListedRows).Select(problem => $"line {problem.Line}: {problem.Reason}")
        );
        string more = count > ListedRows ? $"; and {count - ListedRows:N0} more" : "";
        string advice = usable == 0 ? "." : ". Correct them in the pool, or leave them out with --on-bad-row skip.";
        return $"{path}: expected rows that {rules.Name} can train on, found {count:N0} "
            + $"that it cannot{(usable == 0 ? ", all there are" : "")}: "
            + listed
            + more
            + advice;
    }
}
