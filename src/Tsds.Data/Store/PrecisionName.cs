namespace Tsds.Data.Store;

/// <summary>The words of the command line and the files for how vectors are stored.</summary>
internal static class PrecisionName
{
    /// <summary>Gets the word for a precision: "float32" or "float16".</summary>
    public static string Of(VectorPrecision value) => value == VectorPrecision.Half ? "float16" : "float32";
}
