namespace Tsds.Cli.Progress;

/// <summary>What is written at the steps of a stage.</summary>
internal interface IProgressLines
{
    void Start(SelectionProgress progress);

    void Step(SelectionProgress progress, TimeSpan elapsed);

    void End(SelectionProgress progress, TimeSpan elapsed);

    void Say(string line);
}
