using Tsds.Data.Files;

namespace Tsds.Tests.Data.Files;

public sealed class SealedFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string FilePath => _folder["file"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TryRead_WhatWasWritten_ComesBack()
    {
        Write();
        Assert.Equal([1L, -2, 3], SealedFile.TryRead(FilePath, reader => reader.ReadArray<long>())!);
        string seal = SealedFile.ReadSeal(FilePath)!;
        Assert.Equal(64, seal.Length);
        Assert.EndsWith(seal, Convert.ToHexStringLower(File.ReadAllBytes(FilePath)), StringComparison.Ordinal);
    }

    [Fact]
    public void TryRead_AnyByteChangedOrCut_IsNull()
    {
        Write();
        byte[] whole = File.ReadAllBytes(FilePath);
        for (int i = 0; i < whole.Length; i++)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 1;
            File.WriteAllBytes(FilePath, changed);
            Assert.Null(SealedFile.ReadSeal(FilePath));
            Assert.Null(SealedFile.TryRead(FilePath, reader => reader.ReadArray<long>()));
            File.WriteAllBytes(FilePath, whole[..i]);
            Assert.Null(SealedFile.TryRead(FilePath, reader => reader.ReadArray<long>()));
        }
    }

    /// <summary>A whole file of something else: its length is not trusted with memory.</summary>
    [Fact]
    public void TryRead_LengthBeyondTheFile_IsNull()
    {
        SealedFile.Write(FilePath, writer => writer.Write(int.MaxValue));
        Assert.Null(SealedFile.TryRead(FilePath, reader => reader.ReadArray<long>()));
    }

    [Fact]
    public async Task FileHash_KnownText_IsTheHashOfTheStandard()
    {
        File.WriteAllText(FilePath, "abc");
        const string Expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        Assert.Equal(Expected, FileHash.Of(FilePath));
        Assert.Equal(Expected, await FileHash.OfAsync(FilePath, TestContext.Current.CancellationToken));
    }

    private void Write() => SealedFile.Write(FilePath, writer => writer.WriteArray<long>([1, -2, 3]));
}
