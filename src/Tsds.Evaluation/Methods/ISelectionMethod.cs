namespace Tsds.Evaluation.Methods;

/// <summary>
/// A way to choose rows: all that are compared with one another choose from the same inputs, for the same budget, by
/// the same seed.
/// </summary>
public interface ISelectionMethod
{
    /// <summary>Gets the name by which a user asks for it, such as "max-sim".</summary>
    string Name { get; }

    /// <summary>Gets what it looks at beside embeddings.</summary>
    MethodNeeds Needs { get; }

    /// <summary>
    /// Gets whether the targets decide what it chooses; where they do not, every guide gets the same rows.
    /// </summary>
    /// <value>True, but for methods that say otherwise.</value>
    bool LooksAtTargets => true;

    /// <summary>Bounds the memory beyond the pool's own embeddings, in bytes.</summary>
    /// <param name="poolRows">N.</param>
    /// <param name="targetRows">M.</param>
    /// <param name="budget">B.</param>
    /// <param name="dimension">d.</param>
    /// <returns>The bytes, up to a constant.</returns>
    long EstimateMemory(long poolRows, long targetRows, long budget, int dimension);

    /// <summary>Chooses as many rows as the budget asks for.</summary>
    /// <param name="inputs">What to choose from.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The rows. The same for the same inputs and seed, on any number of threads.</returns>
    /// <exception cref="InvalidOperationException">The inputs lack what the method needs, or the pool has fewer rows
    /// than the budget; the message says which.</exception>
    Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    );
}
