namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>The exception for a row that the trainer would fail on or drop.</summary>
internal sealed class JudgeException(string message) : Exception(message);
