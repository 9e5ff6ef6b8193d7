using Tsds.Jobs.Verify;

namespace Tsds.Cli.Output;

/// <summary>Formats a verification in words.</summary>
internal static class VerificationText
{
    private const int NameWidth = 20;

    public static string Render(IReadOnlyList<VerificationCheck> checks, bool agrees, string selection)
    {
        AlignedText text = new(NameWidth);
        text.Line(
            agrees
                ? $"Agrees: {SafeText.OneLine(selection)} is what its manifest says."
                : $"Differs: {SafeText.OneLine(selection)} is not what its manifest says."
        );
        text.Line();
        foreach (VerificationCheck check in checks)
        {
            text.Row(check.Agrees ? check.Name : $"{check.Name} differ", SafeText.OneLine(check.Text));
        }

        return text.ToString();
    }
}
