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

    /// <summary>The runtime's messages about paths become sentences that say what to do.</summary>
    [Fact]
    public void Describe_WhatTheRuntimeSaysOfPaths_IsASentence()
    {
        using TempFolder folder = new();
        string missing = folder["none/rows.jsonl"];
        (Action Open, string Sentence)[] faults =
        [
            (
                () => File.ReadAllText(folder.Root),
                $"{folder.Root}: expected a file, found a folder; name a file in it."
            ),
            (
                () => File.ReadAllText(missing),
                $"{missing}: expected folders that exist, found that one is missing; check the path."
            ),
            (
                () => File.ReadAllText(folder["rows.jsonl"]),
                $"{folder["rows.jsonl"]}: expected a file, found none; check the path."
            ),
            (
                () => throw new UnauthorizedAccessException("Access to the path '/closed/rows' is denied."),
                "/closed/rows: expected a file or folder that this user may use, found that the system denies it; "
                    + "change its rights, or name another one."
            ),
            (
                () => throw new IOException("No space left on device : '/full/out'"),
                "/full/out: expected a file or folder that can be used, found that the system says 'No space left on "
                    + "device'; put that right, or name another one."
            ),
        ];
        Assert.All(
            faults,
            fault => Assert.Equal(fault.Sentence, ErrorSentence.Describe(Assert.ThrowsAny<Exception>(fault.Open)))
        );
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
