using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Exporters.Json;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Tsds.Benchmarks;

/// <summary>
/// Short runs in this process: minutes in all, with the rates that the hardware's limits are given in.
/// </summary>
public sealed class BenchmarkSettings : ManualConfig
{
    /// <summary>Creates the settings.</summary>
    public BenchmarkSettings()
    {
        AddJob(
            Job.Default.WithToolchain(InProcessEmitToolchain.Instance)
                .WithWarmupCount(1)
                .WithIterationCount(3)
                .WithIterationTime(TimeInterval.FromMilliseconds(300))
        );
        AddDiagnoser(MemoryDiagnoser.Default);
        AddColumnProvider(DefaultColumnProviders.Instance);
        AddColumn(new RateColumn("GFLOP/s", "2·N·M·d / time, the products alone", Workload.Operations));
        AddColumn(
            new RateColumn(
                "of sgemm",
                "GFLOP/s as a share of what bench/compare/sgemm.py measured, given in SGEMM_GFLOPS",
                Workload.ShareOfSgemm
            )
        );
        AddColumn(new RateColumn("GB/s", "4·N·d / time, the pool read once", Workload.Bytes));
        AddLogger(ConsoleLogger.Default);
        AddExporter(MarkdownExporter.GitHub, JsonExporter.Brief);
        ArtifactsPath = Path.Combine("artifacts", "benchmarks");
    }
}
