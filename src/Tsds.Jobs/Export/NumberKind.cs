namespace Tsds.Jobs.Export;

/// <summary>The type of a column that holds given numbers exactly.</summary>
internal enum NumberKind
{
    /// <summary>Whole numbers of 64 bits with a sign.</summary>
    Int64,

    /// <summary>Whole numbers of 64 bits without a sign.</summary>
    UInt64,

    /// <summary>Whole numbers of 38 digits.</summary>
    Decimal,

    /// <summary>Binary fractions of 64 bits.</summary>
    Double,

    /// <summary>The digits as text: no type of column holds them all.</summary>
    Text,
}
