namespace Tsds.Sources.Tables;

/// <summary>A part of a table that was copied: the rows after one id, up to another.</summary>
/// <param name="After">The id before the first row, as text; null at the beginning.</param>
/// <param name="Last">The id of the last row, as text.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Dimension">The length of each vector.</param>
/// <param name="Digest">The digest that the server states of these rows.</param>
internal sealed record TableChunk(string? After, string Last, int Rows, int Dimension, string Digest);
