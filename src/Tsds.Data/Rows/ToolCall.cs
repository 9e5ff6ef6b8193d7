namespace Tsds.Data.Rows;

/// <summary>A call of a tool by the assistant.</summary>
/// <param name="Id">What its answer refers to it by; null where the row gives none.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">The arguments as JSON text.</param>
internal readonly record struct ToolCall(string? Id, string Name, string Arguments);
