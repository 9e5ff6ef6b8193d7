namespace Tsds.Explorer.Wire;

/// <summary>Represents the beginning of a row's text.</summary>
/// <param name="Row">The row.</param>
/// <param name="Id">Its own id.</param>
/// <param name="Source">Its source.</param>
/// <param name="File">Its file.</param>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Text">The text.</param>
/// <param name="Cut">Whether there is more.</param>
internal sealed record RowTextRecord(
    long Row,
    string? Id,
    string? Source,
    string? File,
    long? Line,
    string Text,
    bool Cut
);
