using System.Diagnostics;
using System.Globalization;
using Tsds.Data.Embedding.Lexical;

namespace Tsds.Data.Embedding.Choice;

/// <summary>The time of MiniLM for the texts of a pool on this machine, estimated without running it.</summary>
/// <remarks>
/// Its products with weights are counted, and a product of the same width is timed for a few milliseconds. How much
/// faster the model's own products are was measured once, by the experiment <c>model-speed</c> of the bench on a
/// processor with AVX-512, so that nothing is loaded, and no memory taken, to say what it would cost.
/// </remarks>
internal static class ModelCost
{
    /// <summary>The embedder that is spoken of.</summary>
    public const string Embedder = $"{EmbedderPart.Lexical}+{Model}";

    /// <summary>Multiplications and additions in products with weights for a token: six layers of width 384.</summary>
    public const double OperationsPerToken = 2.0 * 6 * ((4 * Width * Width) + (2 * Width * 4 * Width));

    private const string Model = "minilm";

    private const int Width = 384;

    /// <summary>The characters of a token in English text; other languages have fewer.</summary>
    private const int CharactersPerToken = 4;

    /// <summary>The tokens before and behind a text.</summary>
    private const int SpecialTokens = 2;

    /// <summary>The speed of the model over that of <see cref="MeasureSpeed"/>.</summary>
    private const double TimesFaster = 1.9;

    /// <summary>Rows of the product that is timed: little enough for the cache of one core.</summary>
    private const int ProductRows = 128;

    private const int Repetitions = 12;

    private static readonly int MaxTokens = PackagedModel.Find(Model)!.MaxTokens;

    /// <summary>Gets a value indicating whether the model is beside the running program.</summary>
    public static bool IsAvailable =>
        File.Exists(Path.Combine(AppContext.BaseDirectory, PackagedModel.Find(Model)!.FileName));

    /// <summary>Estimates how many tokens of a text the model reads.</summary>
    public static int TokensOf(string text) => Math.Min(MaxTokens, SpecialTokens + (text.Length / CharactersPerToken));

    /// <summary>Estimates what texts take.</summary>
    /// <param name="tokens">Their tokens.</param>
    /// <param name="speed">The operations a second of one thread, as <see cref="MeasureSpeed"/> returns them.</param>
    /// <param name="threadCount">The threads.</param>
    public static TimeSpan Estimate(long tokens, double speed, int threadCount) =>
        TimeSpan.FromSeconds(tokens * OperationsPerToken / (TimesFaster * speed * threadCount));

    /// <summary>Measures the speed of one thread in a product of float32, in operations a second.</summary>
    public static double MeasureSpeed()
    {
        float[] rows = new float[ProductRows * Width];
        float[] panels = DenseKernels.Pack(new float[Width * Width], Width);
        double best = double.PositiveInfinity;

        // The fastest is the one that nothing disturbed.
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            long start = Stopwatch.GetTimestamp();
            DenseKernels.MultiplyInPlace(rows, Width, panels);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return 2.0 * ProductRows * Width * Width / best;
    }

    /// <summary>Describes an estimate: "lexical+minilm: about 18 minutes for these 129,521 rows".</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="time">The estimate for them.</param>
    public static string Describe(long rows, TimeSpan time) =>
        $"{Embedder}: about {About(time)} for {Rows(rows)} on this machine";

    private static string Rows(long rows) =>
        rows == 1 ? "this row" : string.Create(CultureInfo.InvariantCulture, $"these {rows:N0} rows");

    private static string About(TimeSpan time)
    {
        (double value, string unit) = time.TotalSeconds switch
        {
            < 90 => (time.TotalSeconds, "second"),
            < 90 * 60 => (time.TotalMinutes, "minute"),
            _ => (time.TotalHours, "hour"),
        };
        long rounded = Math.Max(1, (long)Math.Round(value));
        return string.Create(CultureInfo.InvariantCulture, $"{rounded:N0} {unit}{(rounded == 1 ? "" : "s")}");
    }
}
