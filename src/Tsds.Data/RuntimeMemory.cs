namespace Tsds.Data;

/// <summary>The memory that a process needs before it holds any data.</summary>
internal static class RuntimeMemory
{
    /// <summary>The memory of the runtime, its code and its smallest heap, in bytes.</summary>
    public const long Bytes = 80_000_000;
}
