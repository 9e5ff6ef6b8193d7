using System.Globalization;
using Tsds.Cli.Output;

namespace Tsds.Cli.Progress;

/// <summary>Writes progress for logs, one line per event.</summary>
internal sealed class PlainProgressLines : IProgressLines
{
    private readonly TextWriter _writer;

    public PlainProgressLines(TextWriter writer)
    {
        _writer = writer;
    }

    public void Start(SelectionProgress progress)
    {
        string total = progress.Total is { } count and > 0 ? $" {StageText.Amount(progress.Stage, count)}" : "";
        Write(progress, $"started{(total.Length > 0 ? "," : "")}{total}");
    }

    public void Step(SelectionProgress progress, TimeSpan elapsed)
    {
        if (progress.Done <= 0)
        {
            // Nothing is known but that the stage has begun, or has come back, which says nothing of how far it is.
            return;
        }

        string rate = StageText.Rate(progress.Stage, progress.Done, elapsed);
        if (progress.Total is not { } total || total <= 0)
        {
            Write(progress, Join(StageText.Amount(progress.Stage, progress.Done), rate));
            return;
        }

        double share = Math.Clamp((double)progress.Done / total, 0, 1);
        string left = share > 0 ? $"{Quantity.Duration(elapsed * ((1 - share) / share))} left" : "";
        Write(
            progress,
            Join(string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 100):0} %"), rate, left)
        );
    }

    public void End(SelectionProgress progress, TimeSpan elapsed) =>
        Write(progress, $"done in {Quantity.Duration(elapsed)}");

    public void Say(string line)
    {
        _writer.WriteLine(line);
        _writer.Flush();
    }

    private static string Join(params string[] parts) => string.Join(", ", parts.Where(part => part.Length > 0));

    private void Write(SelectionProgress progress, string text) => Say($"{StageText.Name(progress.Stage)}: {text}");
}
