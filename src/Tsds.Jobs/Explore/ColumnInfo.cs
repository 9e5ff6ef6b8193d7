namespace Tsds.Jobs.Explore;

/// <summary>Represents something that is known of every row, by which a map is colored and filtered.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">What people read.</param>
/// <param name="Kind">"category" or "number".</param>
/// <param name="IsField">Whether it is a field of the rows themselves.</param>
/// <param name="Values">The names of categories by code; null where they are numbers of something.</param>
/// <param name="Least">The least number; null where it is not known yet.</param>
/// <param name="Most">The largest number; null where it is not known yet.</param>
internal sealed record ColumnInfo(
    string Name,
    string Label,
    string Kind,
    bool IsField,
    IReadOnlyList<string>? Values = null,
    double? Least = null,
    double? Most = null
);
