namespace Tsds.Tests.TestPools;

public enum VectorKind
{
    Spread,
    Clustered,
    Copies,
    Offset,
    Equal,
    Lengths,
}
