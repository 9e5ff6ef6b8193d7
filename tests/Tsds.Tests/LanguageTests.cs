using System.Text.RegularExpressions;

namespace Tsds.Tests;

/// <summary>The rules of language that a program can check: see <c>docs/glossary.md</c>.</summary>
public sealed partial class LanguageTests
{
    private const int LongestLine = 120;
    private static readonly string[] Folders = ["docs", "bench", "samples", "src", "tests"];

    [Fact]
    public void Markdown_Prose_IsWrapped() =>
        Assert.Empty(MarkdownFiles().SelectMany(file => LongLines(file, File.ReadAllLines(file))));

    [Theory]
    [InlineData("a [link](address) and more", 1)]
    [InlineData("| a table |", 0)]
    [InlineData("    some code", 0)]
    [InlineData("https://address", 0)]
    public void LongLines_LineOfOneKind_AreThoseOfProse(string start, int expected) =>
        Assert.Equal(expected, LongLines("file", [start.PadRight(LongestLine + 1, 'x')]).Count());

    [Fact]
    public void LongLines_FencedBlock_IsLeftOut() =>
        Assert.Single(LongLines("file", ["```", new string('x', 200), "```", "a " + new string('y', 200)]));

    [Fact]
    public void Source_Summaries_BeginInPlainDotNetEnglish() =>
        Assert.Empty(
            SourceFiles()
                .SelectMany(file =>
                    Awkward()
                        .Matches(File.ReadAllText(file))
                        .Select(match => $"{file}: {match.Value.ReplaceLineEndings(" ")}")
                )
        );

    [Theory]
    [InlineData("/// <summary>Tells whether it is whole.</summary>", true)]
    [InlineData("    /// <summary>\n    /// What a row says.\n    /// </summary>", true)]
    [InlineData("/// <summary>Gets what a row says.</summary>", true)]
    [InlineData("/// <summary>Determines whether it is whole.</summary>", false)]
    [InlineData("/// <summary>Hides a candidate. What is hidden stays hidden.</summary>", false)]
    public void Awkward_Summary_IsFoundByItsFirstWords(string summary, bool expected) =>
        Assert.Equal(expected, Awkward().IsMatch(summary));

    private static IEnumerable<string> SourceFiles() =>
        Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !Generated().IsMatch(file));

    private static IEnumerable<string> MarkdownFiles() =>
        Directory
            .EnumerateFiles(Repository.Root, "*.md")
            .Concat(
                Folders.SelectMany(folder =>
                    Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories)
                )
            )
            .Where(file => !Generated().IsMatch(file));

    /// <summary>
    /// Returns the lines of prose that are too long: tables, code and single addresses are not prose.
    /// </summary>
    private static IEnumerable<string> LongLines(string file, IReadOnlyList<string> lines)
    {
        bool isFenced = false;
        for (int i = 0; i < lines.Count; i++)
        {
            string line = lines[i];
            isFenced ^= line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (line.Length > LongestLine && !isFenced && !Unwrappable().IsMatch(line))
            {
                yield return $"{file}:{i + 1} has {line.Length} columns";
            }
        }
    }

    /// <summary>Matches results, which programs write, and what a build or a package manager leaves.</summary>
    [GeneratedRegex(@"[/\\](results|obj|bin|node_modules)[/\\]")]
    private static partial Regex Generated();

    /// <summary>Matches beginnings of summaries that a reader has to translate.</summary>
    [GeneratedRegex(
        @"/// <summary>(\s*///)?\s*"
            + @"((Tells|Says|Finds out|Hands|Lets|Takes|Sees|Knows|Whether|What|How|Where|Which|Who|Why)"
            + @"|Gets (what|where|which|who|why))\b[^\n]*"
    )]
    private static partial Regex Awkward();

    [GeneratedRegex(@"^(\s*\||    |\S+$)")]
    private static partial Regex Unwrappable();
}
