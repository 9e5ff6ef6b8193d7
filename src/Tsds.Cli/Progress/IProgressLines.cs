namespace Tsds.Cli.Progress;

/// <summary>Writes the lines of a stage's progress.</summary>
internal interface IProgressLines
{
    void Start(SelectionProgress progress);

    void Step(SelectionProgress progress, TimeSpan elapsed);

    void End(SelectionProgress progress, TimeSpan elapsed);

    void Say(string line);
}
