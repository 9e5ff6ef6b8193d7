using Tsds.Data.Files;
using Tsds.Evaluation.Protocol;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Compare;

/// <summary>Identifies a comparison by its content.</summary>
internal static class ComparisonKey
{
    /// <summary>Returns the hash of everything that determines what methods select and how they score.</summary>
    public static string Of(
        CompareJobOptions options,
        JobInputs inputs,
        GivenRows? test,
        EvaluationData data,
        PoolRowFile? rows,
        long budget
    )
    {
        SelectionOptions selection = options.Job.Spec.Settings;
        return new ComparisonContent
        {
            Embedding = inputs.Pool.Embedding,
            Vectors = HashesOf([
                .. inputs.Pool.VectorFiles,
                .. inputs.Targets.VectorFiles,
                .. test?.Vectors?.Files ?? [],
            ]),
            Test = HashesOf(test?.Reader?.Files ?? []),
            Rows = rows?.Sha256,
            Targets = HashesOf(inputs.Targets.Files),
            TargetTexts = data.TargetTexts ?? [],
            Groups = data.TargetGroups!,
            TargetTasks = data.TargetTasks ?? [],
            TargetWeights = inputs.Targets.Tasks?.Weights ?? [],
            Hidden = data.HiddenIds.ToArray(),
            Budget = budget,
            Regularizer = selection.Regularizer,
            DensityBase = selection.DensityBase,
            Sampling = selection.Sampling,
            Alpha = selection.Alpha,
            Scale = selection.Scale,
            Bandwidth = selection.Bandwidth,
            Neighbors = selection.EffectiveNeighbors,
            ExpectedDistinct = selection.ExpectedDistinct,
            Tuned = options.Job.Spec.TunesAlpha,
            Relevance = options.Job.Spec.Relevance,
            Center = selection.Center,
            Copies = options.Job.Spec.Copies,
            Seed = selection.Seed,
            Seeds = options.SeedCount,
            Detailed = options.IsDetailed,
        }.Hash();
    }

    private static IReadOnlyList<string> HashesOf(IReadOnlyList<InputFile> files) =>
        [.. files.Select(file => file.Sha256)];
}
