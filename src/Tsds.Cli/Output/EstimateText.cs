using Tsds.Jobs.Embed;
using Tsds.Jobs.Select;

namespace Tsds.Cli.Output;

/// <summary>Formats estimates in words.</summary>
internal static class EstimateText
{
    private const int NameWidth = 9;
    private const int MaxFiles = 3;
    private const int MaxPathLength = 120;

    public static string Render(SelectionEstimate plan)
    {
        AlignedText text = new(NameWidth);
        text.Line("Plan");
        string poolRows = plan.PoolRows is { } pool ? $", {Quantity.Of(pool, "candidate")}" : "";
        text.Rows(
            "pool",
            [
                $"{Quantity.Of(plan.PoolFiles.Count, "file")}, {Quantity.Bytes(plan.PoolBytes)}{poolRows}",
                .. Files(plan.PoolFiles),
            ]
        );
        string targetRows = plan.TargetRows is { } targets ? $", {Quantity.Of(targets, "target")}" : "";
        text.Rows(
            "targets",
            [$"{Quantity.Of(plan.TargetFiles.Count, "file")}{targetRows}", .. Files(plan.TargetFiles)]
        );
        text.Row("embedder", Embedder(plan.Embedder, plan.Dimension));
        text.Row(
            "memory",
            plan.MemoryBytes is { } bytes
                ? $"about {Quantity.Bytes(bytes)} beyond mapped files"
                : "not known before the targets are counted"
        );
        text.Rows("note", plan.Notes.Select(SafeText.OneLine));
        return text.ToString();
    }

    public static string Render(EmbedEstimate plan)
    {
        AlignedText text = new(NameWidth);
        text.Line("Plan");
        text.Rows(
            "pool",
            [$"{Quantity.Of(plan.PoolFiles.Count, "file")}, {Quantity.Bytes(plan.PoolBytes)}", .. Files(plan.PoolFiles)]
        );
        text.Row("embedder", Embedder(plan.Embedder, plan.Dimension));
        text.Row("memory", plan.MemoryBytes is { } bytes ? $"about {Quantity.Bytes(bytes)}" : "not known");
        text.Rows("note", plan.Notes.Select(SafeText.OneLine));
        return text.ToString();
    }

    private static string Embedder(string name, int? dimension) =>
        SafeText.OneLine(name) + (dimension is { } known ? $", {known} dimensions" : "");

    private static IEnumerable<string> Files(IReadOnlyList<string> files)
    {
        foreach (string file in files.Take(MaxFiles))
        {
            yield return SafeText.Shorten(file, MaxPathLength);
        }

        if (files.Count > MaxFiles)
        {
            yield return $"and {Quantity.Count(files.Count - MaxFiles)} more";
        }
    }
}
