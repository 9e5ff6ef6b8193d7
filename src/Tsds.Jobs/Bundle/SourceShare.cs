namespace Tsds.Jobs.Bundle;

/// <summary>The contribution of one source to the selection.</summary>
/// <param name="Source">The row's <c>source</c> or <c>dataset</c> field, else the name of its file.</param>
/// <param name="Rows">Different rows of this source in the selection.</param>
/// <param name="Share">Its share of the different rows selected, from 0 to 1.</param>
public sealed record SourceShare(string Source, long Rows, double Share);
