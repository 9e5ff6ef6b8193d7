using System.Security.Cryptography;
using Tsds.Data.Files;

namespace Tsds.Tests.Data.Files;

public sealed class FileHashTests
{
    /// <summary>Nothing, less than a block, whole blocks, and more: the hash of all bytes.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1 << 18)]
    [InlineData((1 << 19) + 7)]
    public async Task Of_AFileOfAnyLength_IsTheHashOfItsBytes(int length)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        string path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
            string expected = Convert.ToHexStringLower(SHA256.HashData(content));
            Assert.Equal(expected, FileHash.Of(path));
            Assert.Equal(expected, await FileHash.OfAsync(path, TestContext.Current.CancellationToken));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
