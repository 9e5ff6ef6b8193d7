namespace Tsds.Jobs.Inputs;

/// <summary>The effect of a cap or a floor on a source.</summary>
/// <param name="Source">The source.</param>
/// <param name="Floor">The least share asked for, from 0 to 1.</param>
/// <param name="Cap">The largest share asked for, from 0 to 1.</param>
/// <param name="Unbounded">Its share of the plan's probability.</param>
/// <param name="Drawn">Its share of the draw, in the unit of the budget.</param>
public sealed record BoundedShare(string Source, double Floor, double Cap, double Unbounded, double Drawn);
