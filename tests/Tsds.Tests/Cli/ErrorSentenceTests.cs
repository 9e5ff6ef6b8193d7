using Tsds.Cli.Output;

namespace Tsds.Tests.Cli;

public sealed class ErrorSentenceTests
{
    [Fact]
    public void Describe_ArgumentException_LeavesTheParameterOut() =>
        Assert.Equal(
            "Expected 3 values.",
            ErrorSentence.Describe(new ArgumentException("Expected 3 values.", "values"))
        );

    [Fact]
    public void Describe_ArgumentOutOfRange_LeavesTheActualValueOut() =>
        Assert.Equal(
            "Expected a number.",
            ErrorSentence.Describe(new ArgumentOutOfRangeException("Alpha", 7.0, "Expected a number."))
        );

    [Fact]
    public void Describe_UsersMistakes_GiveTheMessageAlone()
    {
        Exception[] mistakes =
        [
            new FileNotFoundException("m"),
            new DirectoryNotFoundException("m"),
            new IOException("m"),
            new UnauthorizedAccessException("m"),
            new InvalidDataException("m"),
            new InvalidOperationException("m"),
            new AggregateException(new IOException("m")),
        ];

        Assert.All(mistakes, mistake => Assert.Equal("m", ErrorSentence.Describe(mistake)));
    }

    [Fact]
    public void Describe_OurMistakes_NameTheTypeAndAskForAReport()
    {
        Exception[] mistakes =
        [
            new NotSupportedException("m"),
            new InvalidCastException("m"),
            new ObjectDisposedException("o", "m"),
            new ArgumentNullException("p", "m"),
        ];

        Assert.All(
            mistakes,
            mistake =>
            {
                string sentence = ErrorSentence.Describe(mistake);
                Assert.Contains(mistake.GetType().FullName!, sentence, StringComparison.Ordinal);
                Assert.Contains("please report", sentence, StringComparison.Ordinal);
            }
        );
    }
}
