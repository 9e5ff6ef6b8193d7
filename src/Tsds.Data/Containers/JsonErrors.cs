using System.Text.Json;

namespace Tsds.Data.Containers;

/// <summary>
/// Extracts the reason of a <c>JsonException</c> without its position, which callers state in their own terms.
/// </summary>
internal static class JsonErrors
{
    /// <summary>Returns the reason of an exception.</summary>
    /// <param name="exception">What the reader threw.</param>
    /// <returns>The sentence without its end and without its place.</returns>
    public static string ReasonOf(JsonException exception)
    {
        string message = exception.Message;
        int place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (place < 0 ? message : message[..place])
            .Replace(" Change the reader options", "", StringComparison.Ordinal)
            .Replace(" which is not supported in this mode", "", StringComparison.Ordinal)
            .Replace(" that is not supported in this mode", "", StringComparison.Ordinal)
            .TrimEnd('.');
    }
}
