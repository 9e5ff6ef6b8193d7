namespace Tsds.Evaluation.Methods;

/// <summary>
/// The method "random": chooses the rows with the smallest hashes of seed and row, without replacement.
/// </summary>
/// <remarks>
/// A larger budget adds rows and removes none. Where nothing is hidden these are the rows of
/// <see cref="Protocol.RandomRows"/> in its first stream.
/// </remarks>
internal sealed class RandomMethod : ISelectionMethod
{
    public string Name => "random";

    public MethodNeeds Needs => MethodNeeds.None;

    public bool LooksAtTargets => false;

    public long EstimateMemory(long poolRows, long targetRows, long budget, int dimension) => 48 * budget;

    public Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        inputs.Check(this);
        SmallestHashes smallest = new(inputs.Budget, inputs.Seed);
        foreach (long id in inputs.EnumerateIds())
        {
            smallest.Add(id);
        }

        return Task.FromResult(new MethodResult(smallest.ToArray()));
    }
}
