namespace Tsds.Orleans.Workers;

/// <summary>
/// Something that is handed over within a process as it is, and never sent: a shard grain lives where it is asked.
/// </summary>
[GenerateSerializer, Immutable, Alias("tsds.InProcess`1")]
internal sealed class InProcess<T>(T value)
{
    [NonSerialized]
    private readonly T _value = value;

    public T Value => _value;
}
