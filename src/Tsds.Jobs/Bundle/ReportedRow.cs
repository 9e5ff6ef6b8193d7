namespace Tsds.Jobs.Bundle;

/// <summary>A row of the pool as it is shown in a report.</summary>
/// <param name="Id">Its own id, if it has one.</param>
/// <param name="Source">Its source.</param>
/// <param name="File">Its file as the user gave it.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Text">The text that is embedded, cut after 2,000 characters.</param>
internal sealed record ReportedRow(string? Id, string Source, string File, long Line, string Text);
