using System.Text;
using Tsds.Cli.Help;

namespace Tsds.Packaging;

/// <summary>Renders the help of all commands as one page of the manual.</summary>
internal static class ManPage
{
    /// <summary>Returns the page in roff with the macros of man(7).</summary>
    /// <param name="version">The version of the program.</param>
    /// <param name="pages">The help by command; that of the program itself has no name.</param>
    public static string Render(string version, IReadOnlyList<(string Command, HelpPage Page)> pages)
    {
        StringBuilder page = new();
        HelpPage root = pages.Single(entry => entry.Command.Length == 0).Page;
        page.Append($".TH TSDS 1 \"\" \"tsds {version}\"\n.SH NAME\ntsds \\- select fine\\-tuning data\n");
        page.Append(".SH SYNOPSIS\n").Append(Escape(root.Usage)).Append("\n.SH DESCRIPTION\n");
        page.Append(Line(root.Description));
        Append(page, root, ".SH");
        foreach ((string command, HelpPage help) in pages.Where(entry => entry.Command.Length > 0))
        {
            page.Append($".SH \"TSDS {Escape(command.ToUpperInvariant())}\"\n").Append(Line(help.Description));
            page.Append(".PP\n.B Usage:\n").Append(Line(help.Usage));
            Append(page, help, ".SS");
        }

        return page.ToString();
    }

    private static void Append(StringBuilder page, HelpPage help, string heading)
    {
        foreach (HelpSection section in help.Sections)
        {
            page.Append($"{heading} \"{Escape(section.Title)}\"\n");
            foreach (HelpRow row in section.Rows)
            {
                page.Append($".TP\n.B {Escape(row.Syntax)}\n").Append(Line(row.Text));
            }
        }

        if (help.Examples.Count > 0)
        {
            page.Append($"{heading} Examples\n.nf\n");
            foreach (string example in help.Examples)
            {
                page.Append(Line(example));
            }

            page.Append(".fi\n");
        }
    }

    // A line that begins with a full stop or an apostrophe is a request; \& before it is nothing, and no longer one.
    private static string Line(string text) =>
        (text.StartsWith('.') || text.StartsWith('\'') ? "\\&" : "") + Escape(text) + "\n";

    private static string Escape(string text) =>
        text.Replace("\\", "\\e", StringComparison.Ordinal)
            .Replace("-", "\\-", StringComparison.Ordinal)
            .Replace("\"", "\\(dq", StringComparison.Ordinal);
}
