using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Compare;

/// <summary>Builds the content of <c>metrics.json</c>.</summary>
internal sealed class ComparisonBuilder
{
    public required CompareJobOptions Job { get; init; }

    public required JobInputs Inputs { get; init; }

    /// <summary>Gets the rows that ought not to be chosen, or null.</summary>
    public required GivenRows? Test { get; init; }

    public required MethodRunner Runner { get; init; }

    public required IReadOnlyList<FinishedMethod> Methods { get; init; }

    public required IReadOnlyList<LeftOutMethod> LeftOut { get; init; }

    /// <summary>Gets how well the targets of each task know each other.</summary>
    public required IReadOnlyList<TaskAcquaintance> Acquaintance { get; init; }

    /// <summary>Gets the record of the run, which may differ between two runs.</summary>
    public required RunRecord Run { get; init; }

    /// <summary>Returns what the file says.</summary>
    public ComparisonRecord Build() =>
        new(
            ToolRecord.Current,
            Runner.Key,
            DescribeInputs(),
            Inputs.Pool.Embedding,
            DescribeOptions(),
            Acquaintance,
            [.. Runner.Folds.Select(fold => new FoldRecord(fold.SelectionSplit, fold.HeldOut))],
            [.. Methods.Select(method => ScorecardRecord.Of(method.Scorecard))],
            LeftOut,
            DescribeRun()
        );

    private ComparisonInputs DescribeInputs() =>
        new(
            FileRecord.Of(Inputs.Pool.Rows?.Files),
            FileRecord.Of(Inputs.Targets.Files),
            FileRecord.Of(Inputs.Pool.VectorFiles),
            FileRecord.Of(Inputs.Targets.VectorFiles),
            FileRecord.Of(Inputs.Exclusion.Given.SelectMany(given => given.Reader?.Files ?? [])),
            FileRecord.Of(Inputs.Exclusion.Given.SelectMany(given => given.Vectors?.Files ?? [])),
            FileRecord.Of(Test?.Reader?.Files),
            FileRecord.Of(Test?.Vectors?.Files)
        );

    private ComparisonOptions DescribeOptions()
    {
        SelectionSpec spec = Job.Job.Spec;
        return new ComparisonOptions(
            spec.Budget.ToString(),
            Runner.Budget,
            spec.Regularizer,
            spec.Alpha,
            spec.Scale,
            spec.EffectiveNeighbors,
            Runner.Bandwidth,
            spec.DensityBase,
            spec.Sampling,
            spec.Seed,
            Job.SeedCount,
            Job.IsDetailed,
            Job.GroupField,
            spec.ResolvedExcludeDistance,
            Inputs.Candidates.Count
        );
    }

    private ComparisonRun DescribeRun() =>
        new(
            Job.Job.OutputName ?? Job.Job.Output,
            Job.Job.ThreadCount,
            Job.Job.MemoryLimit,
            Run.Seconds(),
            new(Methods.Select(method => KeyValuePair.Create(method.Scorecard.Method, method.Seconds))),
            RunRecord.PeakMemoryBytes
        );
}
