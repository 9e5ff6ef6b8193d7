using System.Text.Json;

namespace Tsds.Data.Containers;

/// <summary>
/// What went wrong in JSON, in the words of the reader without its words about the place, which it knows otherwise than
/// we.
/// </summary>
internal static class JsonErrors
{
    /// <summary>Takes the reason out of an exception.</summary>
    /// <param name="exception">What the reader threw.</param>
    /// <returns>The sentence without its end and without its place.</returns>
    public static string ReasonOf(JsonException exception)
    {
        string message = exception.Message;
        int place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (place < 0 ? message : message[..place]).TrimEnd('.');
    }
}
