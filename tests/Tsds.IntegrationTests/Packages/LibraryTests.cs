using System.IO.Compression;

namespace Tsds.IntegrationTests.Packages;

/// <summary>The core as a package, in a project that knows nothing but a folder with it.</summary>
public sealed class LibraryTests : IDisposable
{
    private const string Program = """
        using Tsds;

        float[] values = [.. Enumerable.Range(0, 400).Select(i => (float)Math.Sin(i * i))];
        using CandidatePool pool = CandidatePool.FromEmbeddings(new EmbeddingMatrix(values, 4));
        EmbeddingMatrix targets = new(values.AsMemory(0, 20), 4);
        SelectionResult result = await DataSelector.SelectAsync(pool, targets, new SelectionOptions { Budget = 10 });
        Console.WriteLine($"{result.CandidateIds.Length} {result.Certificate.IsCertified}");
        """;

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Core_Packed_SelectsInAFreshProject()
    {
        Directory.CreateDirectory(_folder["packages"]);
        await DotnetAsync(
            Repository.Root,
            "pack",
            "src/Tsds",
            "-c",
            "Release",
            "--no-build",
            "--nologo",
            "-o",
            _folder["packages"]
        );
        string package = Assert.Single(Directory.GetFiles(_folder["packages"], "*.nupkg"));
        Assert.Single(Directory.GetFiles(_folder["packages"], "*.snupkg"));
        await using (ZipArchive content = await ZipFile.OpenReadAsync(package, TestContext.Current.CancellationToken))
        {
            string[] names = [.. content.Entries.Select(entry => entry.FullName)];
            Assert.Contains("README.md", names);
            Assert.Contains("lib/net10.0/Tsds.xml", names);
        }

        await WriteAsync(
            "fresh/fresh.csproj",
            """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <RestorePackagesPath>packages-of-mine</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Tsds" Version="*" />
              </ItemGroup>
            </Project>
            """
        );
        await WriteAsync(
            "fresh/nuget.config",
            $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="here" value="{_folder["packages"]}" />
              </packageSources>
            </configuration>
            """
        );
        await WriteAsync("fresh/Program.cs", Program);
        Assert.Equal("10 True", (await DotnetAsync(_folder["fresh"], "run")).Trim());
    }

    private async Task WriteAsync(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        await File.WriteAllTextAsync(_folder[name], text, TestContext.Current.CancellationToken);
    }

    private async Task<string> DotnetAsync(string workingFolder, params string[] args)
    {
        CliResult result = await Distributed.RunAsync(
            workingFolder,
            Environment.ProcessPath!,
            args,
            ("HOME", _folder.Root),
            ("DOTNET_CLI_TELEMETRY_OPTOUT", "1"),
            ("DOTNET_NOLOGO", "1"),
            ("MSBUILDDISABLENODEREUSE", "1")
        );
        Assert.True(result.ExitCode == 0, result.Out + result.Error);
        return result.Out;
    }
}
