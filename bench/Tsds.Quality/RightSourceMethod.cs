using Tsds.Evaluation.Methods;
using Tsds.Sampling;

namespace Tsds.Quality;

/// <summary>The ceiling: rows drawn by chance from those whose source is right, which no selector may know.</summary>
internal sealed class RightSourceMethod(SuiteTask task, IReadOnlyList<LabelledText> rows) : ISelectionMethod
{
    public const string Title = "ceiling";

    public string Name => Title;

    public MethodNeeds Needs => MethodNeeds.Sources;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension) => 16 * poolRows;

    public Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        CounterRandom random = new(inputs.Seed, 1);
        long[] right =
        [
            .. Enumerable.Range(0, rows.Count).Where(row => task.IsRight(rows[row].Source)).Select(row => (long)row),
        ];
        return Task.FromResult(
            new MethodResult(right.OrderBy(row => random.Bits((ulong)row)).Take((int)inputs.Budget).ToArray())
        );
    }
}
