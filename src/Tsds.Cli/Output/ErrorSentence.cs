using Tsds.Jobs.Inputs;

namespace Tsds.Cli.Output;

/// <summary>Converts exceptions to the sentence that the user reads.</summary>
internal static class ErrorSentence
{
    public static string Describe(Exception exception) =>
        exception switch
        {
            AggregateException { InnerExceptions.Count: 1, InnerException: { } inner } => Describe(inner),
            ArgumentNullException or ObjectDisposedException => Unexpected(exception),
            ArgumentException => WithoutParameter(exception.Message),
            IOException or UnauthorizedAccessException => FileErrors.Describe(exception),
            InvalidDataException or InvalidOperationException => exception.Message,
            OutOfMemoryException =>
                "out of memory; allow more with --memory, or ask for a smaller budget, fewer targets or "
                    + "fewer --threads.",
            _ => Unexpected(exception),
        };

    /// <summary>
    /// Removes what .NET appends for programmers: <c> (Parameter 'x')</c>, and the actual value on a line of its own.
    /// </summary>
    public static string WithoutParameter(string message)
    {
        int end = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return end >= 0 ? message[..end] : message;
    }

    private static string Unexpected(Exception exception) =>
        $"unexpected {exception.GetType().FullName}: {exception.Message} "
        + "This is a mistake in tsds, please report it; TSDS_DEBUG=1 shows where it happened.";
}
