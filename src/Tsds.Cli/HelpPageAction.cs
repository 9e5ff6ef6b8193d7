using System.CommandLine;
using System.CommandLine.Invocation;

namespace Tsds.Cli;

/// <summary>Prints the help page of the command that was asked about.</summary>
internal sealed class HelpPageAction : SynchronousCommandLineAction
{
    private readonly Command _select;
    private readonly HelpPage _selectPage;
    private readonly HelpPage _rootPage;
    private readonly int _width;

    public HelpPageAction(Command select, HelpPage selectPage, HelpPage rootPage, int width)
    {
        _select = select;
        _selectPage = selectPage;
        _rootPage = rootPage;
        _width = width;
    }

    /// <summary>Gets true: somebody who asks for help gets it, whatever else is wrong with the line.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        HelpPage page = parseResult.CommandResult.Command == _select ? _selectPage : _rootPage;
        page.Write(parseResult.InvocationConfiguration.Output, _width);
        return ExitCode.Done;
    }
}
