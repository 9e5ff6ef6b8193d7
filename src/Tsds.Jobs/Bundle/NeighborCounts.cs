namespace Tsds.Jobs.Bundle;

/// <summary>How many candidates targets use.</summary>
/// <param name="Median">The median over the targets.</param>
/// <param name="Max">The most.</param>
internal sealed record NeighborCounts(int Median, int Max);
