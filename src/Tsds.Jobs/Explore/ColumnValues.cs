namespace Tsds.Jobs.Explore;

/// <summary>Represents the values of a column: codes of categories, or numbers.</summary>
/// <param name="Codes">The code of each row, −1 for none; null for numbers.</param>
/// <param name="Numbers">The number of each row, NaN for none; null for categories.</param>
internal sealed record ColumnValues(int[]? Codes, float[]? Numbers);
