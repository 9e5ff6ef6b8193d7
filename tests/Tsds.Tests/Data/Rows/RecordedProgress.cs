namespace Tsds.Tests.Data.Rows;

/// <summary>Keeps what it is told, at once and on the same thread.</summary>
internal sealed class RecordedProgress : IProgress<long>
{
    public List<long> Values { get; } = [];

    public void Report(long value) => Values.Add(value);
}
