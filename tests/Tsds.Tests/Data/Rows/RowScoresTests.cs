using System.Globalization;
using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

public sealed class RowScoresTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Best_AnyThreads_IsThatOfSorting(int threads)
    {
        float[] scores =
        [
            .. Enumerable.Range(0, 5_000).Select(i => ((i * 7_919 % 1_000) - 500) / 250f),
            float.MaxValue,
            -float.MaxValue,
            0f,
            -0f,
        ];
        using RowScores file = new(_folder["scores"]);
        file.Write(
            scores.Select(score => score.ToString("R", CultureInfo.InvariantCulture)),
            text => float.Parse(text, CultureInfo.InvariantCulture),
            threads
        );
        foreach (int count in new[] { 1, 17, 500, 2_501, 4_999, scores.Length })
        {
            MarkedRows best = file.Best(count);
            Assert.Equal(count, best.Count);
            Assert.Equal(
                Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(count).Order(),
                Enumerable.Range(0, scores.Length).Where(i => best.Contains(i))
            );
        }
    }

    [Fact]
    public void Dispose_ScoresThatWereWritten_DeletesTheirFile()
    {
        using (RowScores file = new(_folder["scores"]))
        {
            file.Write(["a", "b"], text => text.Length, 2);
            Assert.Equal(1, file.Best(1).Count);
        }

        Assert.Empty(Directory.GetFiles(_folder.Root));
    }

    [Fact]
    public void Write_ScoreThatFails_IsTold()
    {
        using RowScores file = new(_folder["scores"]);
        Assert.Throws<FormatException>(() => file.Write(["1", "x"], text => float.Parse(text, null), 2));
    }
}
