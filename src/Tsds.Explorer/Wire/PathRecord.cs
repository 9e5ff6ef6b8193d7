namespace Tsds.Explorer.Wire;

/// <summary>Represents a plan between the most aligned and the most diverse one.</summary>
internal sealed record PathRecord(
    double Alpha,
    double? Tradeoff,
    double? EffectiveNeighbors,
    double TransportCost,
    int Support,
    double ExpectedDistinct
);
