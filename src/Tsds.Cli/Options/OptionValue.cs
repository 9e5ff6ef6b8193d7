using Tsds.Cli.Output;

namespace Tsds.Cli.Options;

/// <summary>The values given for an option, and where they were given, for error messages.</summary>
/// <param name="Origin">"--alpha", or "run.yaml, line 3: alpha".</param>
/// <param name="Items">At least one value.</param>
/// <param name="IsFromFlag">True for the command line, false for the configuration file.</param>
internal sealed record OptionValue(string Origin, IReadOnlyList<string> Items, bool IsFromFlag)
{
    public string Text => Items[0];

    /// <summary>Creates the exception for a value that cannot be used.</summary>
    public ArgumentException Expected(string expected) =>
        new($"{Origin}: expected {expected}, found '{SafeText.Shorten(Text, 80)}'.");
}
