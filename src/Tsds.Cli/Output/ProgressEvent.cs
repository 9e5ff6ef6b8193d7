namespace Tsds.Cli.Output;

/// <summary>The event <c>progress</c>: how far a stage is.</summary>
/// <param name="Stage">The name of the stage.</param>
/// <param name="Done">What is done.</param>
/// <param name="Total">What there is to do, or null if nobody knows.</param>
/// <param name="StageSeconds">The wall time of the stage so far.</param>
internal sealed record ProgressEvent(string Stage, long Done, long? Total, double StageSeconds);
