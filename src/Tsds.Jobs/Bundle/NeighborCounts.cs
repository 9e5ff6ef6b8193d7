namespace Tsds.Jobs.Bundle;

/// <summary>The numbers of candidates that targets use.</summary>
/// <param name="Median">The median over the targets.</param>
/// <param name="Max">The most.</param>
internal sealed record NeighborCounts(int Median, int Max);
