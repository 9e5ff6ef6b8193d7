using System.CommandLine;
using System.CommandLine.Help;
using Tsds.Cli.Commands;
using Tsds.Cli.Help;
using Tsds.Cli.Options;
using Tsds.Cli.Output;

namespace Tsds.Cli;

/// <summary>The program from arguments to exit code. Every exception becomes one sentence here.</summary>
internal static class Application
{
    public static async Task<int> RunAsync(
        string[] args,
        CliConsole console,
        SelectCommand select,
        CancellationToken cancellationToken
    )
    {
        // Known before parsing, so that a wrong command line is answered in the form that was asked for.
        if (args.Contains(SelectOptions.JsonName))
        {
            console.UseJson();
        }

        try
        {
            ParseResult parse = CreateRoot(select, console, []).Parse(args, Syntax);
            if (ParseErrors.Find(parse) is { } problem)
            {
                return Report(console, problem, ExitCode.Failed);
            }

            return await parse.InvokeAsync(Invocation(console), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Report(console, console.CancelledSentence, ExitCode.Cancelled);
        }
        catch (Exception exception)
        {
            Report(console, ErrorSentence.Describe(exception), ExitCode.Failed);
            if (console.IsDebug)
            {
                console.Error.WriteLine(exception);
            }

            return ExitCode.Failed;
        }
    }

    /// <summary>Returns the help of every command by what is typed; that of the program itself has no words.</summary>
    public static IReadOnlyList<(string Command, HelpPage Page)> HelpPages()
    {
        CliConsole silent = new(TextWriter.Null, TextWriter.Null);
        Dictionary<Command, HelpPage> pages = [];
        RootCommand root = CreateRoot(SelectCommand.ForConsole(silent), silent, pages);
        List<(string, HelpPage)> all = [("", pages[root])];
        Add(root, "");
        return all;

        void Add(Command parent, string words)
        {
            foreach (Command command in parent.Subcommands)
            {
                string typed = $"{words} {command.Name}".TrimStart();
                all.Add((typed, pages[command]));
                Add(command, typed);
            }
        }
    }

    // A template or a file name may begin with @; response files are not supported.
    private static ParserConfiguration Syntax => new() { ResponseFileTokenReplacer = null };

    private static RootCommand CreateRoot(SelectCommand select, CliConsole console, Dictionary<Command, HelpPage> pages)
    {
        CommandDefinition[] commands =
        [
            select,
            new CompareCommand(console),
            new EmbedCommand(console),
            new IndexCommand(console),
            new InspectCommand(console),
            new VerifyCommand(console),
            new ExplainCommand(console),
            new ExploreCommand(console),
            new ExportCommand(console),
            new CacheCommand(console),
            new MergeCommand(console),
            new ShardCommand(console),
            new WorkerCommand(console),
            new McpCommand(
                console,
                (args, inner, stop) => RunAsync(args, inner, SelectCommand.ForConsole(inner), stop)
            ),
            new CompletionCommand(console),
        ];
        RootCommand root = new("Selects fine-tuning data: from a pool, the rows that a task's few examples ask for.");
        foreach (CommandDefinition command in commands)
        {
            root.Add(command.Create(pages));
        }

        pages.Add(root, HelpPage.ForRoot(root));
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpPageAction(pages, console.Width);
        return root;
    }

    // Signals are Program's, and exceptions are handled above: the library's own handler prints stack traces.
    private static InvocationConfiguration Invocation(CliConsole console) =>
        new()
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
            Output = console.Out,
            Error = console.Error,
        };

    private static int Report(CliConsole console, string sentence, int exitCode)
    {
        string safe = SafeText.OneLine(sentence);
        console.Error.WriteLine($"tsds: {safe}");
        console.Events?.Write("error", new ErrorEvent(safe, exitCode));
        return exitCode;
    }
}
