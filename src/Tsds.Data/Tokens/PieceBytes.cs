using System.Globalization;
using System.Text;

namespace Tsds.Data.Tokens;

/// <summary>
/// The pieces <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c> of a vocabulary, for what no other piece covers.
/// </summary>
internal sealed class PieceBytes
{
    private readonly int[] _ids;

    private PieceBytes(int[] ids) => _ids = ids;

    /// <summary>Finds the pieces of bytes, or returns null.</summary>
    /// <returns>Null if one is missing.</returns>
    public static PieceBytes? TryFind(IReadOnlyDictionary<string, int> vocabulary)
    {
        int[] ids = new int[256];
        for (int value = 0; value < ids.Length; value++)
        {
            if (!vocabulary.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"), out ids[value]))
            {
                return null;
            }
        }

        return new PieceBytes(ids);
    }

    /// <summary>Appends the ids of the bytes of a text in UTF-8.</summary>
    public void Append(ReadOnlySpan<char> text, List<int> tokens)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, bytes);
        foreach (byte value in bytes)
        {
            tokens.Add(_ids[value]);
        }
    }
}
