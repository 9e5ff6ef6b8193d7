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
            ParseResult parse = CreateRoot(select, console).Parse(args, Syntax);
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

    // A template or a file name may begin with @; response files are not supported.
    private static ParserConfiguration Syntax => new() { ResponseFileTokenReplacer = null };

    private static RootCommand CreateRoot(SelectCommand select, CliConsole console)
    {
        Command selectCommand = select.Create();
        EmbedCommand embed = new(console);
        Command embedCommand = embed.Create();
        CompareCommand compare = new(console);
        Command compareCommand = compare.Create();
        IndexCommand index = new(console);
        Command indexCommand = index.Create();
        InspectCommand inspect = new(console);
        Command inspectCommand = inspect.Create();
        VerifyCommand verify = new(console);
        Command verifyCommand = verify.Create();
        ExplainCommand explain = new(console);
        Command explainCommand = explain.Create();
        ExportCommand export = new(console);
        Command exportCommand = export.Create();
        MergeCommand merge = new(console);
        Command mergeCommand = merge.Create();
        ShardCommand shard = new(console);
        Command shardCommand = shard.Create();
        WorkerCommand worker = new(console);
        Command workerCommand = worker.Create();
        CacheCommand cache = new(console);
        Command cacheCommand = cache.Create();
        RootCommand root = new("Selects fine-tuning data: from a pool, the rows that a task's few examples ask for.")
        {
            selectCommand,
            compareCommand,
            embedCommand,
            indexCommand,
            inspectCommand,
            verifyCommand,
            explainCommand,
            exportCommand,
            cacheCommand,
            mergeCommand,
            shardCommand,
            workerCommand,
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        Dictionary<Command, HelpPage> pages = new()
        {
            [root] = HelpPage.ForRoot(root),
            [selectCommand] = select.Help,
            [compareCommand] = compare.Help,
            [embedCommand] = embed.Help,
            [indexCommand] = index.Help,
            [inspectCommand] = inspect.Help,
            [verifyCommand] = verify.Help,
            [explainCommand] = explain.Help,
            [exportCommand] = export.Help,
            [cacheCommand] = cache.Help,
            [mergeCommand] = merge.Help,
            [shardCommand] = shard.Help,
            [workerCommand] = worker.Help,
            [cache.Clear!] = cache.ClearHelp,
        };
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
