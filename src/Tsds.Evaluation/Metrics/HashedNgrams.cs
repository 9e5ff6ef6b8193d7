using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Tsds.Evaluation.Metrics;

/// <summary>A text as DSIR sees it: how often its words and pairs of neighboring words fall into each of 10,000 buckets.</summary>
/// <remarks>
/// The bucket of an n-gram is SHA-256 of its words joined by a blank, in UTF-8, read as a big-endian number, modulo 10,000:
/// the same buckets on every machine, and those of the published code.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/2302.03169">Xie et al. 2023, Data Selection for Language Models via Importance Resampling</seealso>
internal static class HashedNgrams
{
    public const int BucketCount = 10_000;

    /// <summary>Counts the n-grams of a text.</summary>
    /// <returns>Count by bucket, ascending by bucket; a text of n words has 2n − 1 n-grams, one without words none.</returns>
    public static (int Bucket, int Count)[] Count(string text)
    {
        List<string> words = WordTokenizer.Tokenize(text);
        SortedDictionary<int, int> counts = [];
        for (int i = 0; i < words.Count; i++)
        {
            Add(counts, BucketOf(words[i]));
            if (i > 0)
            {
                Add(counts, BucketOf($"{words[i - 1]} {words[i]}"));
            }
        }

        return [.. counts.Select(pair => (pair.Key, pair.Value))];
    }

    public static int BucketOf(string ngram)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        int length = Encoding.UTF8.GetMaxByteCount(ngram.Length);
        Span<byte> utf8 = length <= 512 ? stackalloc byte[512] : new byte[length];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(ngram, utf8)], hash);
        int remainder = 0;
        foreach (ushort digit in MemoryMarshal.Cast<byte, ushort>(hash))
        {
            ushort bigEndian = BitConverter.IsLittleEndian ? (ushort)((digit << 8) | (digit >> 8)) : digit;
            remainder = ((remainder << 16) | bigEndian) % BucketCount;
        }

        return remainder;
    }

    private static void Add(SortedDictionary<int, int> counts, int bucket) =>
        counts[bucket] = counts.GetValueOrDefault(bucket) + 1;
}
