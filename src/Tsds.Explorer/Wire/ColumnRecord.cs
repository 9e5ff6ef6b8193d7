namespace Tsds.Explorer.Wire;

/// <summary>Represents something that rows are colored and filtered by.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Label">What people read.</param>
/// <param name="Kind">"category" or "number".</param>
/// <param name="Field">Whether it is a field of the rows.</param>
/// <param name="Values">The names of categories by code.</param>
/// <param name="Least">The least number.</param>
/// <param name="Most">The largest number.</param>
internal sealed record ColumnRecord(
    string Name,
    string Label,
    string Kind,
    bool Field,
    IReadOnlyList<string>? Values,
    double? Least,
    double? Most
);
