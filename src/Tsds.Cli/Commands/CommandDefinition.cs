using System.CommandLine;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Sources;
using Tsds.Sources.Push;

namespace Tsds.Cli.Commands;

/// <summary>A command: its name, what it takes, what help says of it, and what it does.</summary>
/// <param name="terminal">Where it writes.</param>
internal abstract class CommandDefinition(CliConsole terminal)
{
    /// <summary>Gets the word that calls the command.</summary>
    public abstract string Name { get; }

    /// <summary>Gets the line that describes the command in the list of all commands.</summary>
    public abstract string Summary { get; }

    /// <summary>Gets the command's own help.</summary>
    public abstract HelpPage Help { get; }

    /// <summary>Gets the arguments, in their order.</summary>
    public virtual IReadOnlyList<Argument> Arguments => [];

    /// <summary>Gets the options, in the order of help.</summary>
    /// <remarks>
    /// With --config among them, a file gives the values that the command line does not; with --json, events take the
    /// place of words. With --endpoint, addresses may be given where paths are.
    /// </remarks>
    public abstract IReadOnlyList<Option> Options { get; }

    /// <summary>Gets the commands below this one.</summary>
    public virtual IReadOnlyList<CommandDefinition> Commands => [];

    /// <summary>Gets the options that a configuration file may give.</summary>
    protected virtual IReadOnlyList<Option> Configurable => Options;

    /// <summary>Gets the console that the command writes to.</summary>
    protected CliConsole Terminal => terminal;

    /// <summary>Creates the parser's form of the command and of those below it.</summary>
    /// <param name="pages">Receives the help of each.</param>
    public Command Create(IDictionary<Command, HelpPage> pages)
    {
        Command command = new(Name, Summary);
        foreach (Argument argument in Arguments)
        {
            command.Add(argument);
        }

        foreach (Option option in Options)
        {
            command.Add(option);
        }

        foreach (CommandDefinition below in Commands)
        {
            command.Add(below.Create(pages));
        }

        command.SetAction((parse, cancellationToken) => RunWithSourcesAsync(Read(parse), cancellationToken));
        pages.Add(command, Help);
        return command;
    }

    /// <summary>Runs the command.</summary>
    /// <param name="reader">What was given for arguments and options.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="ArgumentException">A value is wrong, missing, or in conflict; the message says what to
    /// do.</exception>
    protected abstract Task<int> RunAsync(OptionReader reader, CancellationToken cancellationToken);

    /// <summary>Reads how the command reaches addresses.</summary>
    /// <returns>Null for a command that takes none.</returns>
    protected SourceOptions? SourcesOf(OptionReader reader) => SourceFlags.Read(reader, Options, WriteNotice);

    /// <summary>Opens an output folder at an address.</summary>
    /// <param name="sources">How the command reaches addresses.</param>
    /// <param name="output">What was given for the folder.</param>
    /// <param name="replaces">True if what is there is replaced.</param>
    /// <param name="goesOn">True if the command goes on with what a run that was killed has left.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    /// <returns>Null for a folder on disk.</returns>
    /// <exception cref="ArgumentException">No folder is written to such an address.</exception>
    /// <exception cref="IOException">There is something at the address, or it cannot be reached.</exception>
    protected static async Task<FolderPush?> OpenOutputAsync(
        SourceOptions? sources,
        string output,
        bool replaces,
        bool goesOn,
        CancellationToken cancellationToken
    ) =>
        FolderPush.IsAddress(output)
            ? await FolderPush
                .OpenAsync(output, replaces, goesOn, sources ?? new SourceOptions(), cancellationToken)
                .ConfigureAwait(false)
            : null;

    /// <summary>Sends an output folder that is at an address.</summary>
    /// <param name="push">The output folder; null for one on disk.</param>
    /// <param name="files">The files written, the one that says that all are there last.</param>
    /// <param name="removable">The names of files of an earlier output that do not stay.</param>
    /// <param name="cancellationToken">Stops the command.</param>
    /// <returns>Where the files are.</returns>
    /// <exception cref="IOException">The server refuses, or cannot be reached.</exception>
    protected static async Task<IReadOnlyList<string>> SendAsync(
        FolderPush? push,
        IReadOnlyList<string> files,
        IReadOnlyCollection<string> removable,
        CancellationToken cancellationToken
    ) => push is null ? files : await push.SendAsync(files, removable, cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// Writes a notice, such as that a server is asked again, to standard error, where it does not mix with the result.
    /// </summary>
    /// <param name="line">The notice.</param>
    protected void WriteNotice(string line) => terminal.Error.WriteLine(SafeText.OneLine(line));

    private async Task<int> RunWithSourcesAsync(OptionReader reader, CancellationToken cancellationToken)
    {
        using SourceSession? session = SourcesOf(reader) is { } sources
            ? SourceSession.Open(sources, cancellationToken)
            : null;
        return await RunAsync(reader, cancellationToken).ConfigureAwait(false);
    }

    private OptionReader Read(ParseResult parse)
    {
        OptionReader reader = Options.FirstOrDefault(option => option.Name == SelectOptions.ConfigName)
            is Option<string> config
            ? OptionReader.Create(parse, config, Configurable)
            : new OptionReader(parse, new Dictionary<string, OptionValue>());
        if (
            Options.FirstOrDefault(option => option.Name == SelectOptions.JsonName) is Option<bool> json
            && reader.IsSet(json)
        )
        {
            terminal.UseJson();
        }

        return reader;
    }
}
