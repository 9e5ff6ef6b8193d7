namespace Tsds.Jobs.Inputs;

/// <summary>A row that may have near-duplicates.</summary>
/// <param name="Row">The candidate.</param>
/// <param name="Standing">The member of a cluster with the largest represents it, of equal ones the first.</param>
/// <param name="Count">How often it was drawn, 0 included.</param>
internal readonly record struct DuplicateRow(long Row, double Standing, long Count);
