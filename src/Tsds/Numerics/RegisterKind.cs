namespace Tsds.Numerics;

/// <summary>The register widths that the blocked kernel is compiled for.</summary>
internal enum RegisterKind
{
    Scalar,
    Register128,
    Register256,
    Register512,
}
