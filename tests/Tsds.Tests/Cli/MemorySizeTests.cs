using Tsds.Cli.Options;

namespace Tsds.Tests.Cli;

public sealed class MemorySizeTests
{
    [Theory]
    [InlineData("8GB", 8_000_000_000)]
    [InlineData("512MB", 512_000_000)]
    [InlineData("2GiB", 2_147_483_648)]
    [InlineData("1.5 gb", 1_500_000_000)]
    [InlineData(" 64kib ", 65_536)]
    [InlineData("1TiB", 1_099_511_627_776)]
    [InlineData("100B", 100)]
    public void TryParse_NumberAndUnit_GivesBytes(string text, long expected)
    {
        Assert.True(MemorySize.TryParse(text, out long bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("8")]
    [InlineData("GB")]
    [InlineData("0GB")]
    [InlineData("-1GB")]
    [InlineData("0.1B")]
    [InlineData("1e3GB")]
    [InlineData("8 GBs")]
    [InlineData("99999999999999TB")]
    public void TryParse_SomethingElse_IsRefused(string text) => Assert.False(MemorySize.TryParse(text, out _));
}
