using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Cli.Progress;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Verify;
using Tsds.Sources.Push;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds verify</c>, which checks whether a selection is what its manifest says.</summary>
internal sealed class VerifyCommand(CliConsole terminal) : CommandDefinition(terminal)
{
    private readonly RecordedOptions _options = new();

    public override string Name => "verify";

    public override string Summary => "Check whether a selection is what its manifest says.";

    public override HelpPage Help =>
        new(
            "Hashes the inputs and outputs of a selection, selects again with the recorded options, and says "
                + "what agrees and what differs. Changes nothing.",
            "tsds verify OUT [options]",
            [new HelpSection("Options", [.. _options.All.Select(SelectOptions.Row)])],
            ["tsds verify out/", "tsds verify out/manifest.json --root /data/project"]
        );

    public override IReadOnlyList<Argument> Arguments => [_options.Selection];

    public override IReadOnlyList<Option> Options => _options.All;

    protected override async Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken)
    {
        using FolderPull? fetched = _options.Fetch(reader);
        SelectionManifest manifest = _options.ReadManifest(reader, fetched);
        RepeatOptions repeat = _options.ReadRepeat(reader);
        IReadOnlyList<VerificationCheck> checks = await ProgressDisplay
            .For(Terminal)
            .RunAsync(progress => VerificationJob.RunAsync(manifest, repeat, progress, cancellationToken))
            .ConfigureAwait(false);
        bool agrees = checks.All(check => check.Agrees);
        Terminal.Events?.Write("result", new VerifyResult(agrees, checks));
        if (Terminal.Events is null)
        {
            Terminal.Out.Write(VerificationText.Render(checks, agrees, reader.Required(_options.Selection)));
        }

        return agrees ? ExitCode.Done : ExitCode.Failed;
    }
}
