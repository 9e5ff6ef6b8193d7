using Tsds.Data.Rows;
using Tsds.Data.Tokens;

namespace Tsds.Jobs.Inputs;

/// <summary>The names of option values on the command line, in the configuration and in files.</summary>
internal static class OptionNames
{
    /// <summary>Returns the name of a regularizer.</summary>
    /// <param name="value">The regularizer.</param>
    /// <returns>"density", "uniform" or "tv".</returns>
    public static string Of(Regularizer value) => value == Regularizer.TotalVariation ? "tv" : Lower(value);

    /// <summary>Returns the name of a density base.</summary>
    /// <param name="value">The base.</param>
    /// <returns>"pool" or "neighbors".</returns>
    public static string Of(DensityBase value) => Lower(value);

    /// <summary>Returns the name of a sampling method.</summary>
    /// <param name="value">The method.</param>
    /// <returns>"distinct", "systematic", "multinomial" or "top".</returns>
    public static string Of(SamplingMethod value) => Lower(value);

    /// <summary>Returns the name of a normalization.</summary>
    /// <param name="value">The normalization.</param>
    /// <returns>"l2" or "none".</returns>
    public static string Of(Normalization value) => Lower(value);

    /// <summary>Returns the name of what copies count as.</summary>
    /// <param name="value">The policy.</param>
    /// <returns>"once" or "keep".</returns>
    public static string Of(CopyPolicy value) => Lower(value);

    /// <summary>Returns the name of a policy for bad rows.</summary>
    /// <param name="value">The policy.</param>
    /// <returns>"fail" or "skip".</returns>
    public static string Of(BadRowPolicy value) => Lower(value);

    /// <summary>Returns the name of a way to count tokens.</summary>
    /// <param name="value">The choice.</param>
    /// <returns>"all" or "supervised".</returns>
    public static string Of(TokenCount value) => Lower(value);

    /// <summary>Gets the word for a value of any of these kinds.</summary>
    /// <param name="value">The value.</param>
    public static string For<TEnum>(TEnum value)
        where TEnum : struct, Enum => value is Regularizer regularizer ? Of(regularizer) : Lower(value);

    private static string Lower<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();
}
