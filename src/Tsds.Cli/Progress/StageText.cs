using Tsds.Cli.Output;

namespace Tsds.Cli.Progress;

/// <summary>Formats stages and their units in words.</summary>
internal static class StageText
{
    public static string Name(SelectionStage stage) =>
        stage switch
        {
            SelectionStage.Reading => "reading",
            SelectionStage.Fitting => "fitting",
            SelectionStage.Embedding => "embedding",
            SelectionStage.Neighbors => "neighbors",
            SelectionStage.Densities => "densities",
            SelectionStage.Solving => "solving",
            SelectionStage.Scoring => "scoring",
            SelectionStage.Choosing => "choosing",
            SelectionStage.Judging => "judging",
            SelectionStage.Writing => "writing",
            SelectionStage.Indexing => "indexing",
            _ => throw new ArgumentOutOfRangeException(nameof(stage), stage, "Expected a defined stage."),
        };

    /// <summary>
    /// Determines whether a stage counts its units from the beginning again. Reports of several threads may overtake
    /// each other slightly.
    /// </summary>
    public static bool IsNewPass(SelectionProgress last, SelectionProgress next) => next.Done < last.Done / 2;

    /// <summary>Formats an amount: "12.3 MB", "1,200 rows".</summary>
    public static string Amount(SelectionStage stage, double amount) =>
        stage switch
        {
            SelectionStage.Reading => Quantity.Bytes(amount),
            SelectionStage.Neighbors or SelectionStage.Densities or SelectionStage.Scoring or SelectionStage.Indexing =>
                $"{Quantity.Count(amount)} candidates",
            SelectionStage.Embedding or SelectionStage.Choosing or SelectionStage.Writing =>
                $"{Quantity.Count(amount)} rows",
            _ => $"{Quantity.Count(amount)} steps",
        };

    /// <summary>
    /// Formats a rate: "12.3 MB/s", or an empty string before a rate is known, and for one that would read as zero.
    /// </summary>
    public static string Rate(SelectionStage stage, double done, TimeSpan elapsed) =>
        elapsed > TimeSpan.Zero && done / elapsed.TotalSeconds is var rate and > 0.5 ? Amount(stage, rate) + "/s" : "";
}
