using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Cli.Progress;
using Tsds.Jobs.Verify;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds verify</c>, which checks whether a selection is what its manifest says.</summary>
internal sealed class VerifyCommand
{
    private readonly CliConsole _console;
    private readonly RecordedOptions _options = new();

    public VerifyCommand(CliConsole console)
    {
        _console = console;
    }

    public HelpPage Help =>
        new(
            "Hashes the inputs and outputs of a selection, selects again with the recorded options, and says "
                + "what agrees and what differs. Changes nothing.",
            "tsds verify OUT [options]",
            [new HelpSection("Options", [.. _options.All.Select(SelectOptions.Row)])],
            ["tsds verify out/", "tsds verify out/manifest.json --root /data/project"]
        );

    public Command Create()
    {
        Command command = new("verify", "Check whether a selection is what its manifest says.");
        _options.AddTo(command);
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        using RecordedSelection recorded = _options.Read(parse);
        IReadOnlyList<VerificationCheck> checks = await ProgressDisplay
            .For(_console)
            .RunAsync(progress =>
                VerificationJob.RunAsync(recorded.Manifest, recorded.Job, progress, cancellationToken)
            )
            .ConfigureAwait(false);
        bool agrees = checks.All(check => check.Agrees);
        _console.Events?.Write("result", new VerifyResult(agrees, checks));
        if (_console.Events is null)
        {
            _console.Out.Write(VerificationText.Render(checks, agrees, parse.GetRequiredValue(_options.Selection)));
        }

        return agrees ? ExitCode.Done : ExitCode.Failed;
    }
}
