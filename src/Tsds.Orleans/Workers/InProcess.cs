namespace Tsds.Orleans.Workers;

/// <summary>
/// Wraps a value that is passed by reference within a process and never serialized, because a shard grain lives on the
/// silo that calls it.
/// </summary>
[GenerateSerializer, Immutable, Alias("tsds.InProcess`1")]
internal sealed class InProcess<T>(T value)
{
    [NonSerialized]
    private readonly T _value = value;

    public T Value => _value;
}
