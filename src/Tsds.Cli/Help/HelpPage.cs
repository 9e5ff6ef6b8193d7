using System.CommandLine;

namespace Tsds.Cli.Help;

/// <summary>The help of one command, with its options in groups instead of one long list.</summary>
internal sealed record HelpPage(
    string Description,
    string Usage,
    IReadOnlyList<HelpSection> Sections,
    IReadOnlyList<string> Examples
)
{
    private const int Indent = 2;
    private const int SyntaxWidth = 30;

    public static HelpPage ForRoot(RootCommand root) =>
        new(
            root.Description ?? "",
            "tsds <command> [options]",
            [
                new HelpSection(
                    "Commands",
                    [.. root.Subcommands.Select(command => new HelpRow(command.Name, command.Description ?? ""))]
                ),
                new HelpSection(
                    "Options",
                    [
                        new HelpRow("--version", "Print the version."),
                        new HelpRow("-h, --help", "Print this help; 'tsds <command> --help' explains one command."),
                    ]
                ),
                new HelpSection(
                    "Exit codes",
                    [
                        new HelpRow("0", "Done."),
                        new HelpRow("1", "Failed or used wrongly; one sentence on standard error gives the reason."),
                        new HelpRow("2", "'tsds merge' only: parts from batch jobs are missing."),
                        new HelpRow("130", "Cancelled (Ctrl-C or SIGTERM)."),
                    ]
                ),
            ],
            []
        );

    public void Write(TextWriter writer, int width)
    {
        foreach (string line in Wrap(Description, width))
        {
            writer.WriteLine(line);
        }

        writer.WriteLine();
        writer.WriteLine($"Usage: {Usage}");
        foreach (HelpSection section in Sections)
        {
            writer.WriteLine();
            writer.WriteLine($"{section.Title}:");
            foreach (HelpRow row in section.Rows)
            {
                WriteRow(writer, row, width);
            }
        }

        if (Examples.Count > 0)
        {
            writer.WriteLine();
            writer.WriteLine("Examples:");
        }

        foreach (string example in Examples)
        {
            writer.WriteLine($"{new string(' ', Indent)}{example}");
        }
    }

    private static void WriteRow(TextWriter writer, HelpRow row, int width)
    {
        string margin = new(' ', Indent + SyntaxWidth + Indent);
        List<string> lines = Wrap(row.Text, width - margin.Length);
        bool isLong = row.Syntax.Length > SyntaxWidth;
        string first = $"{new string(' ', Indent)}{row.Syntax}";
        writer.WriteLine(isLong ? first : (first.PadRight(margin.Length) + lines[0]).TrimEnd());
        foreach (string line in lines.Skip(isLong ? 0 : 1))
        {
            writer.WriteLine(margin + line);
        }
    }

    private static List<string> Wrap(string text, int width)
    {
        List<string> lines = [];
        string line = "";
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        lines.Add(line);
        return lines;
    }
}
