using System.CommandLine;
using System.CommandLine.Invocation;

namespace Tsds.Cli.Help;

/// <summary>Prints the help page of a command.</summary>
internal sealed class HelpPageAction : SynchronousCommandLineAction
{
    private readonly IReadOnlyDictionary<Command, HelpPage> _pages;
    private readonly int _width;

    public HelpPageAction(IReadOnlyDictionary<Command, HelpPage> pages, int width)
    {
        _pages = pages;
        _width = width;
    }

    /// <summary>Gets true: a user who asks for help gets it, whatever else is wrong with the command line.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        _pages[parseResult.CommandResult.Command].Write(parseResult.InvocationConfiguration.Output, _width);
        return ExitCode.Done;
    }
}
