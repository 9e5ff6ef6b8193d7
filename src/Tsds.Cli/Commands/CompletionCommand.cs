using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;

namespace Tsds.Cli.Commands;

/// <summary>The command <c>tsds completion</c>, which prints what lets a shell complete a line.</summary>
internal sealed class CompletionCommand : CommandDefinition
{
    // The files that archives install, by the shell that reads them.
    private static readonly Dictionary<string, string> Files = new()
    {
        ["bash"] = "tsds.bash",
        ["zsh"] = "_tsds",
        ["fish"] = "tsds.fish",
    };

    private readonly Argument<string> _shell = new("SHELL")
    {
        Description = "bash, zsh or fish.",
        Arity = ArgumentArity.ExactlyOne,
    };

    public CompletionCommand(CliConsole terminal)
        : base(terminal)
    {
        _shell.CompletionSources.Add([.. Files.Keys]);
    }

    public override string Name => "completion";

    public override string Summary => "Print what lets bash, zsh or fish complete commands and options.";

    public override HelpPage Help =>
        new(
            "Prints the script that lets a shell complete commands and options of tsds. Archives and wheels install "
                + "it; a shell that does not find it there reads it in its startup file, as below.",
            "tsds completion bash|zsh|fish",
            [],
            ["source <(tsds completion bash)", "source <(tsds completion zsh)", "tsds completion fish | source"]
        );

    public override IReadOnlyList<Argument> Arguments => [_shell];

    public override IReadOnlyList<Option> Options => [];

    protected override async Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken)
    {
        string shell = reader.Required(_shell);
        string file =
            Files.GetValueOrDefault(shell)
            ?? throw new ArgumentException($"completion: expected bash, zsh or fish, found '{shell}'.");
        Stream resource = typeof(CompletionCommand).Assembly.GetManifestResourceStream(file)!;
        await using (resource.ConfigureAwait(false))
        {
            using StreamReader script = new(resource);
            string text = await script.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await Terminal.Out.WriteAsync(text).ConfigureAwait(false);
        }

        return ExitCode.Done;
    }
}
