namespace Tsds.Data;

/// <summary>What a process needs before it holds any data.</summary>
internal static class RuntimeMemory
{
    /// <summary>The runtime, its code and its smallest heap, in bytes.</summary>
    public const long Bytes = 80_000_000;
}
