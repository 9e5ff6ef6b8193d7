namespace Tsds.Cli.Help;

/// <summary>One line of help: the syntax and its description.</summary>
internal sealed record HelpRow(string Syntax, string Text);
