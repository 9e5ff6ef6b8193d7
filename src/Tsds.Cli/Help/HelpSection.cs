namespace Tsds.Cli.Help;

/// <summary>Rows of help under a title.</summary>
internal sealed record HelpSection(string Title, IReadOnlyList<HelpRow> Rows);
