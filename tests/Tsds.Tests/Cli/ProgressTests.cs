using Spectre.Console;
using Tsds.Cli.Progress;

namespace Tsds.Tests.Cli;

public sealed class ProgressTests
{
    [Fact]
    public async Task Plain_ManyReports_OneLineEveryTwoSeconds()
    {
        FakeClock clock = new();
        using StringWriter writer = new() { NewLine = "\n" };
        SteppedProgress display = new(new PlainProgressLines(writer), TimeSpan.FromSeconds(2), clock);

        await display.RunAsync(progress =>
        {
            for (int i = 0; i <= 100; i++)
            {
                progress.Report(new SelectionProgress(SelectionStage.Neighbors, i * 1_000, 100_000));
                clock.Advance(0.05);
            }

            progress.Report(new SelectionProgress(SelectionStage.Fitting, 0, null));
            clock.Advance(3);
            progress.Report(new SelectionProgress(SelectionStage.Fitting, 6, null));
            return Task.FromResult(0);
        });

        Assert.Equal(
            """
            neighbors: started, 100,000 candidates
            neighbors: 40 %, 20,000 candidates/s, 3.00 s left
            neighbors: 80 %, 20,000 candidates/s, 1.00 s left
            neighbors: done in 5.05 s
            fitting: started
            fitting: 6 steps, 2 steps/s
            fitting: done in 3.00 s

            """,
            writer.ToString()
        );
    }

    [Fact]
    public async Task Plain_StageComesBackWithNothingDone_SaysNothing()
    {
        FakeClock clock = new();
        using StringWriter writer = new() { NewLine = "\n" };
        SteppedProgress display = new(new PlainProgressLines(writer), TimeSpan.FromSeconds(2), clock);

        await display.RunAsync(progress =>
        {
            foreach (SelectionStage stage in (SelectionStage[])[SelectionStage.Judging, SelectionStage.Scoring])
            {
                for (int visit = 0; visit < 2; visit++)
                {
                    progress.Report(new SelectionProgress(SelectionStage.Judging, 0, 5));
                    clock.Advance(3);
                    progress.Report(new SelectionProgress(stage, 0, 5));
                    clock.Advance(3);
                }
            }

            return Task.FromResult(0);
        });

        Assert.DoesNotContain("0 %", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_StagesComeBack_AreNotAnnouncedAgain()
    {
        FakeClock clock = new();
        using StringWriter writer = new() { NewLine = "\n" };
        SteppedProgress display = new(new PlainProgressLines(writer), TimeSpan.FromSeconds(2), clock);

        await display.RunAsync(progress =>
        {
            for (int i = 0; i < 100; i++)
            {
                SelectionStage stage = i % 2 == 0 ? SelectionStage.Densities : SelectionStage.Solving;
                progress.Report(new SelectionProgress(stage, 0, 100));
                clock.Advance(0.015);
                progress.Report(new SelectionProgress(stage, 100, 100));
                clock.Advance(0.015);
            }

            return Task.FromResult(0);
        });

        Assert.Equal(
            """
            densities: started, 100 candidates
            densities: done in 0.03 s
            solving: started, 100 steps
            solving: done in 0.03 s
            densities: 100 %, 6,667 candidates/s, 0.00 s left

            """,
            writer.ToString()
        );
    }

    [Fact]
    public async Task Plain_PassThatBeginsInTheMiddle_HasNoRateBeforeItsNextReport()
    {
        FakeClock clock = new();
        using StringWriter writer = new() { NewLine = "\n" };
        SteppedProgress display = new(new PlainProgressLines(writer), TimeSpan.FromSeconds(2), clock);

        await display.RunAsync(progress =>
        {
            progress.Report(new SelectionProgress(SelectionStage.Densities, 100, 100));
            clock.Advance(5);
            progress.Report(new SelectionProgress(SelectionStage.Densities, 20, 100));
            clock.Advance(1);
            progress.Report(new SelectionProgress(SelectionStage.Densities, 60, 100));
            return Task.FromResult(0);
        });

        Assert.Equal(
            """
            densities: started, 100 candidates
            densities: 60 %, 60 candidates/s, 0.67 s left
            densities: done in 6.00 s

            """,
            writer.ToString()
        );
    }

    [Fact]
    public async Task Plain_SecondPassOfAStage_CountsFromItsOwnStart()
    {
        FakeClock clock = new();
        using StringWriter writer = new() { NewLine = "\n" };
        SteppedProgress display = new(new PlainProgressLines(writer), TimeSpan.FromSeconds(2), clock);

        await display.RunAsync(progress =>
        {
            progress.Report(new SelectionProgress(SelectionStage.Neighbors, 0, 100));
            progress.Report(new SelectionProgress(SelectionStage.Neighbors, 100, 100));
            clock.Advance(60);
            progress.Report(new SelectionProgress(SelectionStage.Neighbors, 0, 100));
            clock.Advance(5);
            progress.Report(new SelectionProgress(SelectionStage.Neighbors, 50, 100));
            return Task.FromResult(0);
        });

        Assert.Contains("neighbors: 50 %, 10 candidates/s, 5.00 s left\n", writer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_StageThatHasDoneNothingYet_SaysNoStepOfIt()
    {
        FakeClock clock = new();
        using StringWriter writer = new() { NewLine = "\n" };
        SteppedProgress display = new(new PlainProgressLines(writer), TimeSpan.FromSeconds(2), clock);

        await display.RunAsync(progress =>
        {
            progress.Report(new SelectionProgress(SelectionStage.Solving, 0, null));
            clock.Advance(5);
            progress.Report(new SelectionProgress(SelectionStage.Solving, 0, null));
            clock.Advance(1);
            return Task.FromResult(0);
        });

        Assert.Equal("solving: started\nsolving: done in 6.00 s\n", writer.ToString());
    }

    [Fact]
    public async Task Plain_WorkFails_TheStageIsNotCalledDone()
    {
        using StringWriter writer = new() { NewLine = "\n" };
        SteppedProgress display = new(new PlainProgressLines(writer), TimeSpan.FromSeconds(2), new FakeClock());

        await Assert.ThrowsAsync<IOException>(() =>
            display.RunAsync<int>(progress =>
            {
                progress.Report(new SelectionProgress(SelectionStage.Reading, 0, 1_500_000));
                throw new IOException();
            })
        );

        Assert.Equal("reading: started, 1.5 MB\n", writer.ToString());
    }

    [Fact]
    public async Task Plain_ReportsFromManyThreads_NeverInterleave()
    {
        using StringWriter writer = new() { NewLine = "\n" };
        SteppedProgress display = new(new PlainProgressLines(writer), TimeSpan.Zero, new FakeClock());

        await display.RunAsync(progress =>
        {
            Parallel.For(
                0,
                1_000,
                i => progress.Report(new SelectionProgress(SelectionStage.Densities, 1_000 + i, 2_000))
            );
            return Task.FromResult(0);
        });

        string[] lines = writer.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(1_001, lines.Length);
        Assert.All(lines, line => Assert.StartsWith("densities: ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Terminal_EveryStage_EndsWithAFullBar()
    {
        using StringWriter writer = new();
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = AnsiSupport.Yes,
                ColorSystem = ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.Yes,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = 100;

        int result = await new TerminalProgress(console).RunAsync(progress =>
        {
            foreach (SelectionStage stage in Enum.GetValues<SelectionStage>())
            {
                progress.Report(new SelectionProgress(stage, 0, 10));
                progress.Report(new SelectionProgress(stage, 10, 10));
                progress.Report(new SelectionProgress(stage, 0, null));
            }

            // A later pass over the pool.
            progress.Report(new SelectionProgress(SelectionStage.Neighbors, 5, 10));
            return Task.FromResult(42);
        });

        Assert.Equal(42, result);
        string last = writer.ToString();
        foreach (SelectionStage stage in Enum.GetValues<SelectionStage>())
        {
            Assert.Contains(StageText.Name(stage), last, StringComparison.Ordinal);
        }

        Assert.Contains("100%", last, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 26, "")]
    [InlineData(0, 1, "")]
    [InlineData(1, 0, "")]
    [InlineData(6, 3, "2 steps/s")]
    public void Rate_ThatWouldReadAsZero_IsLeftOut(double done, double seconds, string expected) =>
        Assert.Equal(expected, StageText.Rate(SelectionStage.Fitting, done, TimeSpan.FromSeconds(seconds)));
}
