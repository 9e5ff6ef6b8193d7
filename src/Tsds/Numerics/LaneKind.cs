namespace Tsds.Numerics;

/// <summary>The widths that the blocked kernel is compiled for.</summary>
internal enum LaneKind
{
    Scalar,
    Lane128,
    Lane256,
    Lane512,
}
