namespace Tsds.Cli.Help;

/// <summary>One line of help: what to type, and what it does.</summary>
internal sealed record HelpRow(string Syntax, string Text);
