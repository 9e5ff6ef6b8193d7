using BenchmarkDotNet.Running;
using Tsds.Benchmarks;

// usage: dotnet run --project bench/Tsds.Benchmarks -c Release -- --filter '*NeighborBenchmarks*'
// Without a filter it asks which class to run; --filter '*' runs them all in a few minutes.
BenchmarkSwitcher.FromAssembly(typeof(BenchmarkSettings).Assembly).Run(args, new BenchmarkSettings());
