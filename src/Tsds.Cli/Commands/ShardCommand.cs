using System.CommandLine;
using System.Globalization;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Cli.Progress;
using Tsds.Jobs.Batch;

namespace Tsds.Cli.Commands;

/// <summary>
/// The command <c>tsds shard</c>, one job of a batch scheduler's array, which answers its part of a request of <c>tsds
/// merge</c>.
/// </summary>
internal sealed class ShardCommand
{
    private readonly CliConsole _console;
    private readonly SelectOptions _select = new();
    private readonly Argument<string> _stage = new("STAGE") { Description = $"What is asked for: {Stages.Syntax}." };
    private readonly Option<string> _work = WorkOption("Folder that 'tsds merge' writes its requests to. Required.");
    private readonly Option<string> _index = new("--index")
    {
        HelpName = "I",
        Description = "Which share this is, from 0. Required.",
        Arity = ArgumentArity.ExactlyOne,
    };

    private readonly Option<string> _of = new("--of")
    {
        HelpName = "N",
        Description = "Shares in all, each of whole files of vectors. Required.",
        Arity = ArgumentArity.ExactlyOne,
    };

    public ShardCommand(CliConsole console)
    {
        _console = console;
    }

    public static Choice<SelectionStage> Stages { get; } =
        new(("neighbors", SelectionStage.Neighbors), ("density", SelectionStage.Densities));

    public HelpPage Help =>
        new(
            "Searches one share of a pool and writes one part, whole or not at all. A part that is finished "
                + "is left as it is; a damaged one is written again.",
            $"tsds shard {Stages.Syntax} --work DIR --index I --of N [options]",
            [new HelpSection("Options", [.. Options.Select(SelectOptions.Row)])],
            ["tsds shard neighbors --work work/ --index $SLURM_ARRAY_TASK_ID --of 16"]
        );

    private IReadOnlyList<Option> Options => [_work, _index, _of, _select.Threads, _select.Json];

    public static Option<string> WorkOption(string description) =>
        new("--work")
        {
            HelpName = "DIR",
            Description = description,
            Arity = ArgumentArity.ExactlyOne,
        };

    public static string ReadWork(ParseResult parse, Option<string> work) =>
        OptionReader.FromFlag(parse, work)?.Text is { Length: > 0 } folder
            ? folder
            : throw new ArgumentException("--work is needed: the folder in which merge and shards meet.");

    public Command Create()
    {
        Command command = new("shard", "Answer one share of what 'tsds merge' asks for: a job of a batch scheduler.");
        command.Add(_stage);
        foreach (Option option in Options)
        {
            command.Add(option);
        }

        command.SetAction((parse, cancellationToken) => RunAsync(Bind(parse), cancellationToken));
        return command;
    }

    private ShardJobOptions Bind(ParseResult parse)
    {
        OptionReader reader = new(parse, new Dictionary<string, OptionValue>());
        ShardJobOptions job = new()
        {
            Work = ReadWork(parse, _work),
            Stage = Stages.Parse(new OptionValue("STAGE", [parse.GetRequiredValue(_stage)], IsFromFlag: true)),
            Index = ReadCount(reader, _index, 0),
            Count = ReadCount(reader, _of, 1),
        };
        return reader.Find(_select.Threads) is null
            ? job
            : job with
            {
                ThreadCount = ReadCount(reader, _select.Threads, 1),
            };
    }

    private static int ReadCount(OptionReader reader, Option<string> option, int least)
    {
        OptionValue value =
            reader.Find(option) ?? throw new ArgumentException($"{option.Name} is needed: {option.Description}");
        return
            int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count >= least
            ? count
            : throw value.Expected($"a whole number from {least} on");
    }

    private async Task<int> RunAsync(ShardJobOptions job, CancellationToken cancellationToken)
    {
        _console.CancelledSentence = "cancelled; no part was written.";
        ShardSummary summary = await ProgressDisplay
            .For(_console)
            .RunAsync(progress => ShardJob.RunAsync(job, progress, cancellationToken))
            .ConfigureAwait(false);
        _console.Events?.Write("result", ShardResult.Of(summary));
        if (_console.Events is null)
        {
            _console.Out.WriteLine(
                summary.WasFinished
                    ? $"{summary.Part} was finished already."
                    : $"Wrote {summary.Part}: round {summary.Round}, {Quantity.Of(summary.Rows, "candidate")}, "
                        + $"in {Quantity.Duration(summary.Elapsed)}."
            );
        }

        return ExitCode.Done;
    }
}
