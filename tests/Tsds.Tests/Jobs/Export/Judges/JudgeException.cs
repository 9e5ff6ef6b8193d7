namespace Tsds.Tests.Jobs.Export.Judges;

/// <summary>What the trainer would fail on, or drop a row for.</summary>
internal sealed class JudgeException(string message) : Exception(message);
