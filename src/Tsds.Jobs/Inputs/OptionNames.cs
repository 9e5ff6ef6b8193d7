using Tsds.Data.Rows;
using Tsds.Data.Tokens;

namespace Tsds.Jobs.Inputs;

/// <summary>The words of the command line, the configuration and the files for values of options.</summary>
public static class OptionNames
{
    /// <summary>Gets the word for a regularizer.</summary>
    /// <param name="value">The regularizer.</param>
    /// <returns>"density", "uniform" or "tv".</returns>
    public static string Of(Regularizer value) => value == Regularizer.TotalVariation ? "tv" : Lower(value);

    /// <summary>Gets the word for a density base.</summary>
    /// <param name="value">The base.</param>
    /// <returns>"pool" or "neighbors".</returns>
    public static string Of(DensityBase value) => Lower(value);

    /// <summary>Gets the word for a sampling method.</summary>
    /// <param name="value">The method.</param>
    /// <returns>"distinct", "systematic", "multinomial" or "top".</returns>
    public static string Of(SamplingMethod value) => Lower(value);

    /// <summary>Gets the word for a normalization.</summary>
    /// <param name="value">The normalization.</param>
    /// <returns>"l2" or "none".</returns>
    public static string Of(Normalization value) => Lower(value);

    /// <summary>Gets the word for what copies count as.</summary>
    /// <param name="value">The policy.</param>
    /// <returns>"once" or "keep".</returns>
    public static string Of(CopyPolicy value) => Lower(value);

    /// <summary>Gets the word for a policy.</summary>
    /// <param name="value">The policy.</param>
    /// <returns>"fail" or "skip".</returns>
    public static string Of(BadRowPolicy value) => Lower(value);

    /// <summary>Gets the word for which tokens count.</summary>
    /// <param name="value">The choice.</param>
    /// <returns>"all" or "supervised".</returns>
    public static string Of(TokenCount value) => Lower(value);

    private static string Lower<TEnum>(TEnum value)
        where TEnum : struct, Enum => value.ToString().ToLowerInvariant();
}
