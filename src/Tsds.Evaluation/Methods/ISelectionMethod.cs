namespace Tsds.Evaluation.Methods;

/// <summary>
/// A method that chooses rows of a pool. Methods that are compared choose from the same inputs, for the same budget,
/// with the same seed.
/// </summary>
internal interface ISelectionMethod
{
    /// <summary>Gets the name by which users refer to the method, such as "max-sim".</summary>
    string Name { get; }

    /// <summary>Gets the inputs that the method needs in addition to embeddings.</summary>
    MethodNeeds Needs { get; }

    /// <summary>
    /// Gets a value indicating whether the choice depends on the targets. If not, the choice is the same for every
    /// selection split.
    /// </summary>
    /// <value>The default is true.</value>
    bool LooksAtTargets => true;

    /// <summary>
    /// Returns an upper bound of the memory that the method needs in addition to the pool's own embeddings, in bytes.
    /// </summary>
    /// <param name="poolRows">N.</param>
    /// <param name="targetRows">M.</param>
    /// <param name="budget">B.</param>
    /// <param name="dimension">d.</param>
    /// <returns>The bytes, up to a constant.</returns>
    long EstimateMemory(long poolRows, long targetRows, long budget, int dimension);

    /// <summary>Chooses as many rows as the budget allows.</summary>
    /// <param name="inputs">What to choose from.</param>
    /// <param name="progress">Receives progress; may be null.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <returns>The rows. The same for the same inputs and seed, on any number of threads.</returns>
    /// <exception cref="InvalidOperationException">The inputs lack what the method needs, or the pool has fewer rows
    /// than the budget; the message names the reason.</exception>
    Task<MethodResult> SelectAsync(
        MethodInputs inputs,
        IProgress<SelectionProgress>? progress,
        CancellationToken cancellationToken
    );
}
