namespace Tsds.Orleans.Wire;

/// <summary>A <see cref="PoolView"/> on its way to those who hold the rows.</summary>
/// <param name="Mean">The point that rows are centered at; empty where they are not.</param>
/// <param name="Direction">The direction along which costs fall; empty where there are none.</param>
/// <param name="Offset">The cost of a row at direction·x' = 0.</param>
[GenerateSerializer, Immutable, Alias("tsds.View")]
internal sealed record ViewMessage(
    [property: Id(0)] float[] Mean,
    [property: Id(1)] float[] Direction,
    [property: Id(2)] double Offset
)
{
    /// <summary>Gets the size in bytes.</summary>
    public long Size => (4L * (Mean.Length + Direction.Length)) + 8;

    public static ViewMessage Of(PoolView view) => new(view.Mean.ToArray(), view.Direction.ToArray(), view.Offset);

    public PoolView ToView() => new(Mean, Direction, Offset);
}
