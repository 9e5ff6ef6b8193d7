using System.Globalization;
using BenchmarkDotNet.Running;

namespace Tsds.Benchmarks;

/// <summary>How much work one call of a benchmark is, from its parameters N, M and D.</summary>
internal static class Workload
{
    /// <summary>Counts the floating-point operations of all inner products, 2·N·M·d.</summary>
    public static double Operations(BenchmarkCase benchmark) =>
        2.0 * Value(benchmark, "N") * Value(benchmark, "M") * Value(benchmark, "D");

    /// <summary>Counts the same in units of the BLAS's rate, NaN where that is not given.</summary>
    public static double ShareOfSgemm(BenchmarkCase benchmark) =>
        double.TryParse(
            Environment.GetEnvironmentVariable("SGEMM_GFLOPS"),
            CultureInfo.InvariantCulture,
            out double rate
        )
            ? Operations(benchmark) / rate
            : double.NaN;

    /// <summary>Counts the bytes of the pool in float32, 4·N·d.</summary>
    public static double Bytes(BenchmarkCase benchmark) => 4.0 * Value(benchmark, "N") * Value(benchmark, "D");

    private static double Value(BenchmarkCase benchmark, string name) =>
        Convert.ToDouble(benchmark.Parameters[name], CultureInfo.InvariantCulture);
}
