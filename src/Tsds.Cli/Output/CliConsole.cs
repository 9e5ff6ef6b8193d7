using Tsds.Data.Embedding;

namespace Tsds.Cli.Output;

/// <summary>The output streams of one run of the program, and their capabilities.</summary>
internal sealed class CliConsole
{
    private const int MaxWidth = 100;
    private const int WidthWithoutTerminal = 90;

    public CliConsole(TextWriter output, TextWriter error)
    {
        Out = output;
        Error = error;
    }

    /// <summary>Gets standard output: results.</summary>
    public TextWriter Out { get; }

    /// <summary>Gets standard error: words and progress.</summary>
    public TextWriter Error { get; }

    /// <summary>
    /// Gets a value indicating whether standard error is a terminal on which a line can be drawn again.
    /// </summary>
    public bool IsErrorTerminal { get; init; }

    /// <summary>Gets a value indicating whether errors are followed by their stack trace; TSDS_DEBUG=1.</summary>
    public bool IsDebug { get; init; }

    /// <summary>Gets the columns that help may take.</summary>
    public int Width { get; init; } = WidthWithoutTerminal;

    /// <summary>Gets the clock of progress.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Gets the writer of JSON events, or null while words are written.</summary>
    public JsonEvents? Events { get; private set; }

    public static CliConsole FromProcess() =>
        new(Console.Out, Console.Error)
        {
            In = Console.IsInputRedirected || Console.IsErrorRedirected ? null : Console.In,
            IsErrorTerminal = !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") != "dumb",
            IsDebug = Environment.GetEnvironmentVariable("TSDS_DEBUG") == "1",
            Width = Console.IsOutputRedirected ? WidthWithoutTerminal : Math.Clamp(Console.WindowWidth, 40, MaxWidth),
        };

    /// <summary>Gets or sets what is said when a run is cancelled.</summary>
    public string CancelledSentence { get; set; } = "cancelled; no output was written.";

    /// <summary>Gets the reader of answers, or null if there is no terminal.</summary>
    public TextReader? In { get; init; }

    /// <summary>Asks the user before texts are sent to another machine.</summary>
    /// <exception cref="InvalidOperationException">The answer is no.</exception>
    public void ConfirmSending(EmbedderOptions? embedder, bool isAgreed)
    {
        if (embedder is not { IsService: true } || isAgreed || In is null || Events is not null)
        {
            return;
        }

        Error.Write($"Send the texts to {SafeText.OneLine(embedder.Name)}? [y/N] ");
        if (In.ReadLine()?.Trim() is not ("y" or "Y" or "yes"))
        {
            throw new InvalidOperationException("nothing was sent; answer y, or agree with --yes.");
        }
    }

    /// <summary>Writes events instead of words to standard output from now on.</summary>
    public void UseJson() => Events ??= new JsonEvents(Out);
}
