using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Tsds.Tests;

/// <summary>The rules of the house that a compiler does not check.</summary>
public sealed partial class ArchitectureTests
{
    /// <summary>
    /// The rooms of the core that each room may use. Types of the root folder are the shared vocabulary, the façade
    /// excepted.
    /// </summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [""] = ["Transport", "Tasks", "Sampling", "Pools", "Neighbors", "Density", "Numerics"],
        ["Tasks"] = ["Sampling", "Numerics"],
        ["Transport"] = [],
        ["Sampling"] = ["Numerics"],
        ["Pools"] = ["Neighbors", "Density", "Numerics"],
        ["Neighbors"] = ["Numerics"],
        ["Density"] = ["Numerics"],
        ["Numerics"] = [],
    };

    [Fact]
    public void Core_EveryRoom_UsesOnlyTheRoomsBelowIt()
    {
        string core = Path.Combine(Repository.Root, "src", "Tsds");
        foreach (string file in Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories))
        {
            string room = Path.GetDirectoryName(Path.GetRelativePath(core, file))!;
            string text = File.ReadAllText(file);
            foreach (Match match in Using().Matches(text))
            {
                Assert.True(
                    Allowed[room].Contains(match.Groups[1].Value),
                    $"{Path.GetRelativePath(core, file)} uses Tsds.{match.Groups[1].Value}"
                );
            }

            Assert.True(
                room.Length == 0 || !Code(text).Contains(nameof(DataSelector), StringComparison.Ordinal),
                $"{Path.GetRelativePath(core, file)} uses the façade"
            );
        }
    }

    [Fact]
    public void Core_References_AreTheFrameworkAlone() =>
        Assert.All(
            typeof(DataSelector).Assembly.GetReferencedAssemblies(),
            reference => Assert.StartsWith("System", reference.Name, StringComparison.Ordinal)
        );

    [Fact]
    public void Data_References_KnowNoCommandLine() =>
        Assert.DoesNotContain(
            typeof(global::Tsds.Data.Rows.RowReader).Assembly.GetReferencedAssemblies(),
            reference => reference.Name is "Tsds.Cli" or "Tsds.Orleans" or "System.CommandLine" or "Spectre.Console"
        );

    [Fact]
    public void Orleans_References_KnowNoCommandLineAndNoEvaluation() =>
        Assert.DoesNotContain(
            typeof(global::Tsds.Orleans.ClusterOptions).Assembly.GetReferencedAssemblies(),
            reference => reference.Name is "Tsds.Cli" or "Tsds.Evaluation" or "System.CommandLine" or "Spectre.Console"
        );

    [Fact]
    public void Evaluation_References_KnowNoCommandLineAndAreNotKnownToData()
    {
        Assert.DoesNotContain(
            typeof(global::Tsds.Evaluation.Protocol.Evaluator).Assembly.GetReferencedAssemblies(),
            reference => reference.Name is "Tsds.Cli" or "System.CommandLine" or "Spectre.Console"
        );
        Assert.DoesNotContain(
            typeof(global::Tsds.Data.Rows.RowReader).Assembly.GetReferencedAssemblies(),
            reference => reference.Name is "Tsds.Evaluation"
        );
    }

    [Fact]
    public void Core_PublicTypes_LiveInTheRootNamespace() =>
        Assert.All(typeof(DataSelector).Assembly.GetExportedTypes(), type => Assert.Equal("Tsds", type.Namespace));

    [Theory]
    [InlineData(typeof(DataSelector))]
    [InlineData(typeof(global::Tsds.Jobs.Select.SelectionJob))]
    [InlineData(typeof(global::Tsds.Evaluation.Protocol.Evaluator))]
    [InlineData(typeof(global::Tsds.Orleans.ClusterOptions))]
    public void Assembly_Classes_AreSealedOrStatic(Type member)
    {
        IEnumerable<Type> open = member
            .Assembly.GetTypes()
            .Where(type =>
                type is { IsClass: true, IsSealed: false, IsAbstract: false }
                && type.GetCustomAttribute<CompilerGeneratedAttribute>() is null
            );
        Assert.Empty(open);
    }

    private static string Code(string text) =>
        string.Join('\n', text.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal)));

    [GeneratedRegex(@"^using Tsds\.(\w+)", RegexOptions.Multiline)]
    private static partial Regex Using();
}
