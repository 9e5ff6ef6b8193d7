namespace Tsds.Jobs.Compare;

/// <summary>The options of a comparison as <c>metrics.json</c> has them.</summary>
/// <param name="Budget">The budget as the user gave it.</param>
/// <param name="BudgetRows">The rows that each method chose.</param>
/// <param name="Regularizer">What the plans of tsds are kept near to.</param>
/// <param name="Alpha">Its alpha; null if the targets chose it.</param>
/// <param name="Scale">Its distance scale; null if it is automatic.</param>
/// <param name="Neighbors">The effective neighbors asked for, or null.</param>
/// <param name="Bandwidth">The distance within which two rows counted as copies.</param>
/// <param name="DensityBase">What densities are measured against.</param>
/// <param name="Sampling">How tsds draws.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Seeds">How many seeds each method selected with.</param>
/// <param name="Detailed">True if the slow metrics were taken.</param>
/// <param name="GroupField">The field by which targets belong together, or null.</param>
/// <param name="ExcludeDistance">The distance up to which a row is a copy of an excluded one.</param>
/// <param name="Candidates">The candidates that could be chosen.</param>
internal sealed record ComparisonOptions(
    string Budget,
    long BudgetRows,
    Regularizer Regularizer,
    double? Alpha,
    double? Scale,
    double? Neighbors,
    double Bandwidth,
    DensityBase DensityBase,
    SamplingMethod Sampling,
    ulong Seed,
    int Seeds,
    bool Detailed,
    string? GroupField,
    double ExcludeDistance,
    long Candidates
);
