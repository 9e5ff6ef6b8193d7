using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Tsds.Tests;

/// <summary>The rules of the house that a compiler does not check.</summary>
public sealed partial class ArchitectureTests
{
    private const int Columns = 120;
    private const int MostParameters = 6;

    private static readonly Type[] OfEachProject =
    [
        typeof(DataSelector),
        typeof(global::Tsds.Data.Rows.RowReader),
        typeof(global::Tsds.Evaluation.Protocol.Evaluator),
        typeof(global::Tsds.Jobs.Select.SelectionJob),
        typeof(global::Tsds.Orleans.ClusterOptions),
        typeof(global::Tsds.Explorer.ExplorerOptions),
        typeof(global::Tsds.Sources.SourceOptions),
        typeof(global::Tsds.Cli.Application),
    ];

    private const BindingFlags Own =
        BindingFlags.DeclaredOnly
        | BindingFlags.Instance
        | BindingFlags.Static
        | BindingFlags.Public
        | BindingFlags.NonPublic;

    private static readonly string[] SourceFolders = ["src", "tests", "bench", "samples", "eng"];

    public static TheoryData<string> Projects => [.. Rooms.Of.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_EveryRoom_UsesOnlyTheRoomsOfTheTable(string project)
    {
        Dictionary<string, string[]> rooms = Rooms.Of[project];
        List<string> arrows = [];
        foreach ((string path, string room, string text) in SourcesOf(project))
        {
            Assert.True(rooms.ContainsKey(room), $"{path} is in a room that the table of rooms lacks.");
            foreach (Match match in Using().Matches(text))
            {
                string used = match.Groups[1].Value;
                string target = used.StartsWith(project + ".", StringComparison.Ordinal)
                    ? used[(project.Length + 1)..].Split('.')[0]
                    : room;
                if (target != room && rooms.ContainsKey(target) && !rooms[room].Contains(target))
                {
                    arrows.Add($"{path} uses {used}");
                }
            }
        }

        Assert.Empty(arrows);
    }

    [Fact]
    public void Core_RoomsBelowTheRoot_DoNotUseTheFacade() =>
        Assert.All(
            SourcesOf("Tsds").Where(source => source.Room.Length > 0),
            source => Assert.DoesNotContain(nameof(DataSelector), Code(source.Text), StringComparison.Ordinal)
        );

    [Fact]
    public void Core_References_AreTheFrameworkAlone() =>
        Assert.All(
            typeof(DataSelector).Assembly.GetReferencedAssemblies(),
            reference => Assert.StartsWith("System", reference.Name, StringComparison.Ordinal)
        );

    [Fact]
    public void Projects_References_PointDown() =>
        Assert.All(
            OfEachProject.Select(member => member.Assembly),
            assembly =>
                Assert.Subset(
                    Rooms.Below[assembly.GetName().Name!].ToHashSet(),
                    assembly
                        .GetReferencedAssemblies()
                        .Select(reference => reference.Name!)
                        .Where(Rooms.Below.ContainsKey)
                        .ToHashSet()
                )
        );

    [Fact]
    public void Libraries_References_KnowNoCommandLine() =>
        Assert.DoesNotContain(
            OfEachProject[..^1].SelectMany(member => member.Assembly.GetReferencedAssemblies()),
            reference => reference.Name is "System.CommandLine" or "Spectre.Console"
        );

    [Fact]
    public void Core_PublicTypes_LiveInTheRootNamespace() =>
        Assert.All(typeof(DataSelector).Assembly.GetExportedTypes(), type => Assert.Equal("Tsds", type.Namespace));

    [Fact]
    public void Assemblies_Classes_AreSealedOrStatic() =>
        Assert.DoesNotContain(
            OfEachProject.SelectMany(member => member.Assembly.GetTypes()),
            type =>
                type is { IsClass: true, IsSealed: false, IsAbstract: false }
                && !type.IsDefined(typeof(CompilerGeneratedAttribute))
                && !type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute))
        );

    /// <summary>Values that travel together through more than six parameters get a type of their own.</summary>
    [Fact]
    public void Methods_OutsideKernelsAndRecords_HaveAtMostSixParameters()
    {
        Assert.DoesNotContain(
            OfEachProject
                .SelectMany(member => member.Assembly.GetTypes())
                .Where(type => !IsKernel(type) && !IsRecord(type) && !IsGenerated(type))
                .SelectMany(type => type.GetMethods(Own).Concat<MethodBase>(type.GetConstructors(Own))),
            method => method.GetParameters().Length > MostParameters && !IsGenerated(method)
        );
    }

    /// <summary>
    /// The formatter wraps code; this test alone looks at comments and literals. Raw literals stay as they are.
    /// </summary>
    [Fact]
    public void Sources_Lines_FitIntoTheirColumns()
    {
        List<string> tooLong = [];
        foreach (string file in CSharpFiles())
        {
            bool isRaw = false;
            int number = 0;
            foreach (string line in File.ReadLines(file))
            {
                number++;
                int quotes = RawQuotes().Count(line);
                if (!isRaw && quotes == 0 && new StringInfo(line).LengthInTextElements > Columns)
                {
                    tooLong.Add($"{Path.GetRelativePath(Repository.Root, file)}:{number}");
                }

                isRaw ^= quotes % 2 == 1;
            }
        }

        Assert.Empty(tooLong);
    }

    private static IEnumerable<(string Path, string Room, string Text)> SourcesOf(string project)
    {
        string folder = Path.Combine(Repository.Root, "src", project);
        foreach (string file in Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(folder, file);
            string[] steps = path.Split(Path.DirectorySeparatorChar);
            if (!IsBuilt(steps))
            {
                yield return (path, steps.Length > 1 ? steps[0] : "", File.ReadAllText(file));
            }
        }
    }

    private static IEnumerable<string> CSharpFiles() =>
        SourceFolders.SelectMany(name =>
            Directory
                .EnumerateFiles(Path.Combine(Repository.Root, name), "*.cs", SearchOption.AllDirectories)
                .Where(file => !IsBuilt(Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar)))
        );

    /// <summary>Determines whether a file was written by a build.</summary>
    /// <summary>The loops over numbers: a register needs no object.</summary>
    private static bool IsKernel(Type type) =>
        type.Namespace is "Tsds.Numerics" || type.Name.EndsWith("Kernel", StringComparison.Ordinal);

    private static bool IsRecord(Type type) => type.GetMethod("PrintMembers", Own) is not null;

    private static bool IsGenerated(MemberInfo member) =>
        member.IsDefined(typeof(CompilerGeneratedAttribute))
        || member.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute))
        || (member.DeclaringType is { } outer && IsGenerated(outer));

    private static bool IsBuilt(string[] steps) => steps.Any(step => step is "obj" or "bin");

    private static string Code(string text) =>
        string.Join('\n', text.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(@"^(?:global )?using (?:static )?(?:\w+ = )?(Tsds(?:\.\w+)*)", RegexOptions.Multiline)]
    private static partial Regex Using();

    [GeneratedRegex("\"\"\"+")]
    private static partial Regex RawQuotes();
}
