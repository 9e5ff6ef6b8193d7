namespace Tsds.Jobs.Bundle;

/// <summary>A target as it is shown in a report.</summary>
/// <param name="Task">Its task, or null if there is only one without a name.</param>
/// <param name="Id">Its own id, if it has one.</param>
/// <param name="File">Its file as the user gave it; null if only vectors were given.</param>
/// <param name="Line">Its line, from 1; 0 if only vectors were given.</param>
/// <param name="Text">The text that was embedded; empty if only vectors were given.</param>
internal sealed record ReportedTarget(string? Task, string? Id, string? File, long Line, string Text);
