using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tsds.Cli.Progress;

/// <summary>Shows the rate of a stage in its own unit.</summary>
internal sealed class RateColumn : ProgressColumn
{
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        string rate = task is { Tag: SelectionStage stage, ElapsedTime: { } elapsed }
            ? StageText.Rate(stage, task.Value, elapsed)
            : "";
        return new Text(rate).RightJustified();
    }
}
