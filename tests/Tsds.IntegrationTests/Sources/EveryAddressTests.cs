using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests.Sources;

/// <summary>
/// Every path of rows and of vectors at every kind of address, with faults and a kill: what comes out is, byte for
/// byte, what files on disk give, and no secret is in anything that was written or printed.
/// </summary>
/// <param name="inputs">The inputs.</param>
public sealed class EveryAddressTests(InputsAtAddresses inputs) : IClassFixture<InputsAtAddresses>
{
    [Theory]
    [InlineData("datasets")]
    [InlineData("buckets")]
    [InlineData("s3")]
    [InlineData("https")]
    [InlineData("qdrant")]
    [InlineData("postgres")]
    public async Task Select_AllInputsAtAnAddressKilled_GivesTheBytesOfFilesOnDisk(string kind)
    {
        string[] select = Arguments(kind, kind);
        Task held = inputs.HoldInTheMiddle(kind);
        using (CliProcess process = Start(select))
        {
            Task<CliResult> finished = process.FinishAsync();
            await Task.WhenAny(held, finished);
            Assert.True(held.IsCompleted, "The command did not come to the middle of the pool.");
            process.Kill();
            PlantedSecrets.AssertNotIn(await finished);
        }

        inputs.Release();
        CliResult result = await RunAsync(select);
        Assert.True(result.ExitCode == 0, result.Error + result.Out);
        string disk = InputsAtAddresses.OnDisk(kind);
        string local = "of-" + Path.GetFileName(disk);
        if (!Directory.Exists(inputs.Folder[local]))
        {
            CliResult selected = await RunAsync(Arguments(local, disk));
            Assert.True(selected.ExitCode == 0, selected.Error + selected.Out);
        }

        foreach (string file in new[] { "selected.jsonl", "path.csv" })
        {
            Assert.Equal(
                await File.ReadAllTextAsync(inputs.Folder[$"{local}/{file}"], TestContext.Current.CancellationToken),
                await File.ReadAllTextAsync(inputs.Folder[$"{kind}/{file}"], TestContext.Current.CancellationToken)
            );
        }

        foreach (string file in new[] { "lineage.jsonl", "targets.jsonl", "excluded.jsonl", "clusters.jsonl" })
        {
            Assert.Equal(WithoutPaths($"{local}/{file}"), WithoutPaths($"{kind}/{file}"));
        }

        PlantedSecrets.AssertNotBelow(inputs.Folder);
    }

    /// <summary>
    /// A file that becomes another one of the same size. Of a commit of the hub that cannot be; there the hash says so.
    /// </summary>
    [Theory]
    [InlineData("datasets", "expected content with the SHA-256 that its source states")]
    [InlineData("buckets", "expected the file that was listed (\"")]
    [InlineData("s3", "expected the file that was listed (\"")]
    [InlineData("https", "expected the file that was listed (\"")]
    public async Task Select_FileThatChangesInTheMiddle_SaysSo(string kind, string sentence)
    {
        string address = await inputs.AddChangingAsync(kind);
        Task held = inputs.HoldInTheMiddle(kind);
        string[] select =
        [
            "select",
            "--pool",
            address,
            "--target",
            inputs.Locate(InputsAtAddresses.OnDisk(kind), "targets").Rows,
            "--budget",
            "60",
            "--embedder",
            "lexical",
            "--out",
            $"changed-{kind}",
            .. inputs.OptionsOf(kind),
        ];
        using CliProcess process = Start(select);
        Task<CliResult> finished = process.FinishAsync();
        await Task.WhenAny(held, finished);
        Assert.True(held.IsCompleted, "The command did not come to the middle of the file.");
        await inputs.ChangeAsync(kind);
        inputs.Release();
        CliResult result = await finished;
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"{address}: {sentence}", result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(inputs.Folder[$"changed-{kind}"]));
        PlantedSecrets.AssertNotIn(result);
    }

    /// <summary>The tests of the hub's commits and of tables are elsewhere.</summary>
    [Theory]
    [InlineData("buckets")]
    [InlineData("s3")]
    [InlineData("https")]
    [InlineData("qdrant")]
    public async Task Verify_AfterTheWorldMovedOn_SaysSo(string kind)
    {
        string pool = await inputs.AddMovingAsync(kind, rows: 30);
        string[] select =
        [
            "select",
            "--pool-vectors",
            pool,
            "--target-vectors",
            inputs.Locate(InputsAtAddresses.OnDisk(kind), "targets").Vectors,
            "--budget",
            "5",
            "--no-report",
            "--out",
            $"moved-{kind}",
            .. inputs.OptionsOf(kind),
        ];
        CliResult selected = await RunAsync(select);
        Assert.True(selected.ExitCode == 0, selected.Error + selected.Out);
        await inputs.AddMovingAsync(kind, rows: 31);
        CliResult verified = await RunAsync(["verify", $"moved-{kind}", .. inputs.OptionsOf(kind)]);
        Assert.Equal(1, verified.ExitCode);
        Assert.Matches($"moving-{kind}.*: was read at .* and is at .* now", verified.Out);
    }

    /// <summary>Returns the lines of a file without the names of files, which addresses change.</summary>
    private string[] WithoutPaths(string name) =>
        [
            .. inputs
                .Folder.Lines(name)
                .Select(line =>
                {
                    line.AsObject().Remove("file");
                    (line["match"] as JsonObject)?.Remove("file");
                    return line.ToJsonString();
                }),
        ];

    private string[] Arguments(string output, string kind)
    {
        (string pool, string poolVectors) = inputs.Locate(kind, "pool");
        (string target, string targetVectors) = inputs.Locate(kind, "targets");
        (string excluded, string excludedVectors) = inputs.Locate(kind, "excluded");
        (string kept, string keptVectors) = inputs.Locate(kind, "kept");
        return
        [
            "select",
            "--pool",
            pool,
            "--pool-vectors",
            poolVectors,
            "--target",
            $"near={target}:1",
            "--target-vectors",
            targetVectors,
            "--exclude",
            excluded,
            "--exclude-vectors",
            excludedVectors,
            "--keep",
            kept,
            "--keep-vectors",
            keptVectors,
            "--budget",
            "60",
            "--out",
            output,
            .. inputs.OptionsOf(kind),
        ];
    }

    private async Task<CliResult> RunAsync(string[] arguments)
    {
        using CliProcess process = Start(arguments);
        CliResult result = await process.FinishAsync();
        PlantedSecrets.AssertNotIn(result);
        return result;
    }

    private CliProcess Start(string[] arguments) => CliProcess.Start(inputs.Folder.Root, inputs.Variables, arguments);
}
