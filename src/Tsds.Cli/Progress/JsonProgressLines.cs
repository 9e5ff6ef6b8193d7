using Tsds.Cli.Output;

namespace Tsds.Cli.Progress;

/// <summary>Writes progress as JSON events, the same event at every step.</summary>
internal sealed class JsonProgressLines : IProgressLines
{
    private readonly JsonEvents _events;

    public JsonProgressLines(JsonEvents events)
    {
        _events = events;
    }

    public void Start(SelectionProgress progress) => Step(progress, TimeSpan.Zero);

    public void Step(SelectionProgress progress, TimeSpan elapsed) =>
        _events.Write(
            "progress",
            new ProgressEvent(
                StageText.Name(progress.Stage),
                progress.Done,
                progress.Total,
                JsonEvents.Seconds(elapsed)
            )
        );

    public void End(SelectionProgress progress, TimeSpan elapsed) => Step(progress, elapsed);

    // Programs have an event of their own for whatever is worth saying.
    public void Say(string line) { }
}
