using Tsds.Jobs.Bundle;
using Tsds.Jobs.Explain;

namespace Tsds.Cli.Output;

/// <summary>Formats explanations in words.</summary>
internal static class ExplanationText
{
    private const int NameWidth = 12;
    private const int MaxNameLength = 60;
    private const int MaxRows = 10;

    public static string Render(RowExplanation row)
    {
        AlignedText text = new(NameWidth);
        text.Line($"Row {row.Row}{Named(row.Id)}: {Outcome(row)}");
        text.Line();
        if (row.File is { } file)
        {
            text.Row("stands in", $"{SafeText.Shorten(file, MaxNameLength)}, line {row.Line}");
        }

        text.Rows("relevance", row.Relevance.Select(Relevance));
        text.Rows("targets", row.Targets.Select(target => Target(target, row.Outcome == "unreached")));
        text.Row("copies", Copies(row));
        text.Rows(
            "",
            row.NearCopies.Take(MaxRows)
                .Select(copy =>
                    $"row {copy.Row} at {Quantity.Short(copy.Distance)}, {(copy.Count > 0 ? "drawn" : "not drawn")}"
                )
        );
        text.Row("probability", Quantity.Short(row.Probability));
        text.Row("draw", Draw(row));
        return text.ToString();
    }

    public static string Render(TargetExplanation target)
    {
        AlignedText text = new(NameWidth);
        long drawn = target.Rows.Count(row => row.Count > 0);
        text.Line(
            $"Target {target.Target}{Named(target.Id)}: "
                + $"{(target.IsUnreachable ? "the pool cannot serve it well" : "served")}, "
                + $"{Quantity.Of(drawn, "row")} drawn of the {Quantity.Count(target.Rows.Count)} that it pulls most."
        );
        text.Line();
        if (target.File is { } file)
        {
            text.Row("stands in", $"{SafeText.Shorten(file, MaxNameLength)}, line {target.Line}");
        }

        text.Row("weight", Quantity.Percent(target.Weight));
        text.Row(
            "nearest row",
            $"at {Quantity.Short(target.NearestDistance)}; {Quantity.Percent(target.BetterServed)} of the "
                + $"targets have a nearer one"
        );
        text.Row(
            "water level",
            target.WaterLevel is { } level
                ? $"{Quantity.Short(level)}, reached with {Quantity.Of(target.NeighborsUsed, "neighbor")}; the "
                    + $"median of all targets is {Quantity.Short(target.MedianWaterLevel!.Value)}"
                : "none: at alpha 0 every row receives mass"
        );
        if (target.IsUnreachable)
        {
            text.Row(
                "",
                "even its nearest row lies beyond the median water level: collect rows like it, or leave it out"
            );
        }

        text.Rows(
            "pulls",
            target
                .Rows.Take(MaxRows)
                .Select(row =>
                    $"row {row.Row}{Named(row.Id)} at {Quantity.Short(row.Distance)}, mass "
                    + $"{Quantity.Short(row.Mass)}, {(row.Count > 0 ? "drawn" : "not drawn")}"
                )
        );
        return text.ToString();
    }

    private static string Outcome(RowExplanation row) =>
        row.Outcome switch
        {
            "chosen" => row.Count > 1 ? $"chosen, {row.Count} times." : "chosen.",
            "reached" => "not chosen: it has a probability, and the draw passed it over.",
            "excluded" => $"left out by {row.Repeats}.",
            "copy" => $"the same as row {row.CopyOf}, which stands for it.",
            _ => "not chosen: no target's mass reaches it.",
        };

    private static string Relevance(RowRelevance relevance)
    {
        string of = relevance.Task is { } task
            ? $"the targets of {SafeText.Shorten(task, MaxNameLength)}"
            : "your targets";
        string cost =
            relevance.Cost > 0
                ? $"adds {Quantity.Short(relevance.Cost)} to its squared distances from them"
                : "adds nothing to its distances from them";
        return $"{RelevanceWords.Of(relevance.TargetShare, Quantity.Percent(relevance.TargetShare), of)}, which {cost}";
    }

    private static string Target(RowTarget target, bool isUnreached)
    {
        string near =
            target.Nearness == target.Distance ? "" : $" ({Quantity.Short(target.Nearness)} without relevance)";
        string text =
            $"target {target.Target}{Named(target.Id)} at {Quantity.Short(target.Distance)}{near}, its neighbor "
            + $"number {Quantity.Count(target.Rank)}";
        if (target.WaterLevel is not { } level)
        {
            return text;
        }

        return isUnreached
            ? $"{text}; its {Quantity.Of(target.NeighborsUsed, "nearest row")} took all of its mass, up to the "
                + $"water level {Quantity.Short(level)}: "
                + $"the row would have to be {Quantity.Short(target.Distance - level)} nearer"
            : $"{text}, within its water level {Quantity.Short(level)}; sends "
                + $"{Quantity.Short(target.Mass)}{(target.Cap is { } cap ? $" of at most {Quantity.Short(cap)}" : "")}";
    }

    private static string Copies(RowExplanation row) =>
        row.Bandwidth == 0
            ? "not looked for: no density was taken"
            : $"density {Quantity.Short(row.Density)}: the row shares its weight with "
                + $"{Others(row.NearCopies.Count)} "
                + $"within the bandwidth {Quantity.Short(row.Bandwidth)}";

    private static string Others(int count) =>
        count == 0 ? "no other"
        : count >= 16 ? "16 or more others"
        : Quantity.Of(count, "other");

    private static string Draw(RowExplanation row) =>
        row.Outcome is "unreached" or "excluded" or "copy"
            ? $"{row.Sampling}: a row without probability cannot be drawn"
        : row.ExpectedCount is { } expected
            ? $"{row.Sampling}, {Quantity.Of(row.Budget, "row")}: drawn {Quantity.Short(expected)} times on "
                + $"average, {Quantity.Count(row.Count)} this time"
        : row.Sampling != "top"
            ? $"{row.Sampling}, within a budget in tokens or bounds of sources: {Quantity.Count(row.Count)} this time"
        : $"{row.Sampling}: the {Quantity.Of(row.Budget, "most probable row")}, no chance";

    private static string Named(string? id) => id is null ? "" : $" ({SafeText.Shorten(id, MaxNameLength)})";
}
