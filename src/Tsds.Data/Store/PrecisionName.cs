namespace Tsds.Data.Store;

/// <summary>The names of vector precisions on the command line and in files.</summary>
internal static class PrecisionName
{
    /// <summary>Returns the name of a precision: "float32" or "float16".</summary>
    public static string Of(VectorPrecision value) => value == VectorPrecision.Half ? "float16" : "float32";
}
