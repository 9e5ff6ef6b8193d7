using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Export;
using Tsds.Sources;
using Tsds.Sources.Push;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds export</c>, which writes a selection in the format of a trainer.</summary>
internal sealed class ExportCommand(CliConsole terminal) : CommandDefinition(terminal)
{
    private static readonly Choice<Trainer> Trainers = new([
        .. TrainerRules.InOrder.Select(rules => (rules.Word, rules.Trainer)),
    ]);

    private static readonly Choice<ExportFormat> Formats = new(
        ("jsonl", ExportFormat.Jsonl),
        ("parquet", ExportFormat.Parquet)
    );

    private readonly SelectOptions _select = new();

    private readonly Argument<string> _selection = new("selection")
    {
        HelpName = "OUT",
        Description = "The output folder of 'tsds select'.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _to = One(
        "--to",
        $"{Trainers.Syntax}|{TableExport.Syntax}",
        "The trainer; hf writes a dataset folder as the Hugging Face hub holds it; qdrant and pgvector mark the chosen "
            + "rows in the database that the pool came from. Required."
    );
    private readonly Option<string> _out = One(
        "--out",
        "DIR",
        "Folder for the files; for LLaMA-Factory its dataset_dir, whose dataset_info.json is added to.",
        "OUT/export-TRAINER"
    );
    private readonly Option<string> _name = One("--name", "NAME", "The name of the dataset.", "selected");
    private readonly Option<string> _format = One(
        "--format",
        Formats.Syntax,
        "Rows as JSON lines, byte for byte where the trainer reads them so, or as Parquet files.",
        "jsonl"
    );
    private readonly Option<string> _maxShard = One(
        "--max-shard",
        "SIZE",
        "The size at which a Parquet file ends.",
        "500MB"
    );
    private readonly Option<string> _push = One(
        "--push",
        "hf://datasets/ORG/NAME",
        "With --to hf: send the dataset to the hub as one commit, with a card that says where its rows are from. "
            + "HF_TOKEN is the token."
    );
    private readonly Option<bool> _private = new("--private")
    {
        Description = "With --push: a dataset that is made is private.",
        Arity = ArgumentArity.Zero,
    };
    private readonly Option<string> _field = One(
        "--field",
        "NAME",
        "With --to qdrant or pgvector: the field that is true for chosen rows.",
        TablePush.DefaultField
    );
    private readonly Option<bool> _force = new("--force")
    {
        Description = "Replace files of an earlier export, or what the field of a database holds.",
        Arity = ArgumentArity.Zero,
    };

    public override string Name => "export";

    public override string Summary => "Write a selection as a trainer reads it.";

    public override HelpPage Help =>
        new(
            "Writes a selection as a trainer reads it, with what its configuration needs. Rows that the "
                + "trainer would choke on are listed before anything is written.",
            "tsds export OUT --to TRAINER [options]",
            [new HelpSection("Options", [.. Options.Select(SelectOptions.Row)])],
            [
                "tsds export out/ --to axolotl",
                "tsds export out/ --to llama-factory --out LLaMA-Factory/data --name my_selection",
                "tsds export out/ --to hf --out my-dataset/ --max-shard 200MB",
                "tsds export out/ --to hf --push hf://datasets/me/my-dataset --private",
                "tsds export out/ --to pgvector --field in_training",
            ]
        );

    public override IReadOnlyList<Argument> Arguments => [_selection];

    public override IReadOnlyList<Option> Options =>
        [
            _to,
            _out,
            _name,
            _format,
            _maxShard,
            _push,
            _private,
            _field,
            _select.OnBadRow,
            _force,
            .. _select.Sources.All,
            _select.Json,
        ];

    private static Option<string> One(string name, string helpName, string description, string? defaultText = null) =>
        new(name)
        {
            HelpName = helpName,
            Description = defaultText is null ? description : $"{description} [default: {defaultText}]",
            Arity = ArgumentArity.ExactlyOne,
        };

    private string SelectionOf(OptionReader reader) =>
        reader.Value(_selection) is { Length: > 0 } folder
            ? folder
            : throw new ArgumentException("OUT is needed: the output folder of 'tsds select'.");

    private OptionValue DestinationOf(OptionReader reader) =>
        reader.Find(_to)
        ?? throw new ArgumentException($"--to is needed: one of {Trainers.Syntax}|{TableExport.Syntax}.");

    private ExportJobOptions Bind(OptionReader reader)
    {
        string selection = SelectionOf(reader);
        Trainer trainer = Trainers.Parse(DestinationOf(reader));
        if (reader.Find(_field) is not null)
        {
            throw new ArgumentException("--field names a field of a database and needs --to qdrant or pgvector.");
        }

        ExportJobOptions job = new()
        {
            Selection = selection,
            Trainer = trainer,
            Output = reader.Find(_out)?.Text ?? $"{selection.TrimEnd('/')}/export-{Trainers.WordFor(trainer)}",
            Force = reader.IsSet(_force),
        };
        if (reader.Find(_push) is { } push)
        {
            if (trainer != Trainer.HuggingFace)
            {
                throw new ArgumentException("--push sends a dataset to the hub and needs --to hf.");
            }

            HubPush.Require(push.Text);
            job = job with { Dataset = push.Text };
        }

        if (reader.Find(_name) is { } name)
        {
            bool isName = name.Text.Length > 0 && name.Text.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) < 0;
            job = isName ? job with { Name = name.Text } : throw name.Expected("a name that a file may have");
        }

        if (reader.Find(_format) is { } format)
        {
            job = job with { Format = Formats.Parse(format) };
        }

        if (reader.Find(_maxShard) is { } maxShard)
        {
            job = MemorySize.TryParse(maxShard.Text, out long bytes)
                ? job with
                {
                    MaxShardBytes = bytes,
                }
                : throw maxShard.Expected("a size such as 500MB");
        }

        if (reader.Find(_select.OnBadRow) is { } onBadRow)
        {
            job = job with { OnBadRow = SelectOptions.BadRowPolicies.Parse(onBadRow) };
        }

        return job;
    }

    protected override async Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken)
    {
        string database = DestinationOf(reader).Text;
        bool isDatabase = TableExport.IsDatabase(database);
        Option[] ofTrainers = [_out, _name, _format, _maxShard, _push, _private, _select.OnBadRow];
        if (isDatabase && ofTrainers.FirstOrDefault(option => reader.Find(option) is not null) is { } other)
        {
            throw new ArgumentException($"{other.Name} is for files of a trainer, and --to {database} writes none.");
        }

        ExportJobOptions? job = isDatabase ? null : Bind(reader);
        string selection = SelectionOf(reader);
        using FolderPull? fetched = FolderPull.TryOpen(selection, SelectionFiles.Names);
        selection = fetched?.Folder ?? selection;
        return job is not null
            ? await RunAsync(job with { Selection = selection }, reader, cancellationToken).ConfigureAwait(false)
            : await new TableExport(Terminal, WriteNotice, _field)
                .RunAsync(reader, selection, database, (_force, _select.Sources.AllowHttp), cancellationToken)
                .ConfigureAwait(false);
    }

    /// <summary>
    /// Sends what was exported. What cannot be sent is deleted again unless --force was given, so that the same command
    /// may be run again.
    /// </summary>
    private async Task<PushResult> PushAsync(
        ExportJobOptions job,
        ExportSummary summary,
        string dataset,
        bool isPrivate,
        CancellationToken cancellationToken
    )
    {
        SourceOptions options = new() { Notice = WriteNotice };
        try
        {
            return await HubPush
                .RunAsync(job.Output, summary.FilesWritten, dataset, isPrivate, options, cancellationToken)
                .ConfigureAwait(false);
        }
        catch when (!job.Force)
        {
            foreach (string file in summary.FilesWritten)
            {
                File.Delete(file);
            }

            // What lies deepest is first.
            IEnumerable<string> folders = summary
                .FilesWritten.Select(Path.GetDirectoryName)
                .OfType<string>()
                .Append(Path.GetFullPath(job.Output))
                .Distinct()
                .OrderByDescending(folder => folder.Length);
            foreach (string folder in folders.Where(folder => !Directory.EnumerateFileSystemEntries(folder).Any()))
            {
                Directory.Delete(folder);
            }

            throw;
        }
    }

    private async Task<int> RunAsync(ExportJobOptions job, OptionReader reader, CancellationToken cancellationToken)
    {
        if (job.Dataset is { } asked)
        {
            HubPush.RequireToken(asked);
        }

        string output = job.Output;
        if (FolderPush.IsAddress(output) && job.Trainer == Trainer.LlamaFactory)
        {
            throw new ArgumentException(
                $"--out: expected a folder on disk for LLaMA-Factory, whose list of datasets is added to, found "
                    + $"'{output}'."
            );
        }

        using FolderPush? push = await OpenOutputAsync(
                SourcesOf(reader),
                output,
                job.Force,
                goesOn: false,
                cancellationToken
            )
            .ConfigureAwait(false);
        if (push is not null)
        {
            job = job with { Output = push.Folder, OutputName = output };
        }

        ExportSummary summary = ExportJob.Run(job, cancellationToken);

        // What else lies in the folder is not the selection's, and stays on this machine.
        PushResult? pushed = job.Dataset is { } dataset
            ? await PushAsync(job, summary, dataset, reader.IsSet(_private), cancellationToken).ConfigureAwait(false)
            : null;
        summary = summary with
        {
            FilesWritten = await SendAsync(push, summary.FilesWritten, [], cancellationToken).ConfigureAwait(false),
        };

        Terminal.Events?.Write("result", ExportResult.Of(summary, pushed?.Url));
        if (Terminal.Events is null)
        {
            if (summary.IsEdited)
            {
                Terminal.Error.WriteLine(
                    $"Expected selected.jsonl as it was selected, found that it was changed since: it is exported as "
                        + $"it is; 'tsds verify {SafeText.OneLine(job.Selection)}' tells more."
                );
            }

            string form = summary.IsVerbatim ? "byte for byte" : $"written as {summary.Schema}";
            string skipped = summary.SkippedCount > 0 ? $", {Quantity.Of(summary.SkippedCount, "row")} left out" : "";
            Terminal.Out.WriteLine($"Exported {Quantity.Of(summary.Rows, "row")} {form}{skipped}.");
            foreach (string file in summary.FilesWritten)
            {
                Terminal.Out.WriteLine($"  {SafeText.OneLine(file)}");
            }

            if (pushed is not null)
            {
                Terminal.Out.WriteLine(
                    $"Pushed {Quantity.Of(pushed.Files, "file")}, {Quantity.Bytes(pushed.SentBytes)} of them large: "
                        + $"{SafeText.OneLine(pushed.Url)}"
                );
            }

            Terminal.Out.WriteLine();
            Terminal.Out.Write(summary.Snippet);
        }

        return ExitCode.Done;
    }
}
