namespace Tsds.Jobs.Compare;

/// <summary>The file of a finished method.</summary>
/// <param name="Key">The hash of all that decides what methods select and score.</param>
/// <param name="Seconds">What selecting took.</param>
/// <param name="Scorecard">The scores.</param>
/// <param name="Selections">What was selected in each fold.</param>
internal sealed record MethodRecord(
    string Key,
    double Seconds,
    ScorecardRecord Scorecard,
    IReadOnlyList<DrawnRows> Selections
);
