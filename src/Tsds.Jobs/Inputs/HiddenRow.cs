namespace Tsds.Jobs.Inputs;

/// <summary>A candidate that must not be chosen, with the given row that it repeats.</summary>
/// <param name="Row">The candidate.</param>
/// <param name="Rows">The rows it was compared with.</param>
/// <param name="Match">The one among them that it repeats, from 0.</param>
/// <param name="HasSameText">True if the texts are the same except for white space.</param>
/// <param name="Distance">Their distance, or null if no embeddings were compared or it is above the limit.</param>
internal sealed record HiddenRow(long Row, GivenRows Rows, int Match, bool HasSameText, double? Distance);
