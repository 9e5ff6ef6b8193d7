using Tsds.Data.Rows;

namespace Tsds.Jobs.Inputs;

/// <summary>The rows that a sieve left.</summary>
/// <param name="Rows">The rows, numbered among themselves.</param>
/// <param name="Sample">The random sample of the pool that the sieve learnt from; the caller disposes of it.</param>
/// <param name="Result">What the sieve did.</param>
internal sealed record Shortlist(RowReader Rows, PoolInputs Sample, SieveResult Result);
