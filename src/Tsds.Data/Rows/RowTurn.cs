namespace Tsds.Data.Rows;

/// <summary>One turn: a range of the characters of a <see cref="RowText"/>.</summary>
/// <param name="Role">Who speaks.</param>
/// <param name="Start">The first character.</param>
/// <param name="Length">The number of characters; never 0.</param>
internal readonly record struct RowTurn(TurnRole Role, int Start, int Length);
