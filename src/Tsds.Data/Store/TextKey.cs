using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Tsds.Data.Store;

/// <summary>Identifies a text, or consecutive texts, by content: the first 128 bits of SHA-256.</summary>
internal static class TextKey
{
    public static UInt128 Of(string text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text.AsSpan()), hash);
        return MemoryMarshal.Read<UInt128>(hash);
    }

    public static string Of(ReadOnlySpan<UInt128> texts) =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(texts)))[..32];
}
