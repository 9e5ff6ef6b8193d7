using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Tsds.Evaluation.Metrics;

/// <summary>Counts the words and pairs of neighboring words of a text in 10,000 hash buckets, as DSIR does.</summary>
/// <remarks>
/// The bucket of an n-gram is SHA-256 of its words joined by a space, in UTF-8, read as a big-endian number, modulo
/// 10,000: the same buckets on every machine, and those of the published code.
/// </remarks>
/// <seealso href="https://arxiv.org/abs/2302.03169">Xie et al. 2023, Data Selection for Language Models via Importance
/// Resampling</seealso>
internal static class HashedNgrams
{
    public const int BucketCount = 10_000;

    /// <summary>Counts the n-grams of a text.</summary>
    /// <returns>
    /// Count by bucket, ascending by bucket; a text of n words has 2n − 1 n-grams, one without words none.
    /// </returns>
    public static (int Bucket, int Count)[] Count(string text)
    {
        List<string> words = WordTokenizer.Tokenize(text);
        if (words.Count == 0)
        {
            return [];
        }

        // All words joined by spaces: word i, and the pair that ends with it, are pieces of it.
        byte[] joined = Encoding.UTF8.GetBytes(string.Join(' ', words));
        int[] buckets = new int[(2 * words.Count) - 1];
        int next = 0;
        int before = 0;
        int start = 0;
        foreach (string word in words)
        {
            int end = start + Encoding.UTF8.GetByteCount(word);
            buckets[next++] = BucketOf(joined.AsSpan(start..end));
            if (start > 0)
            {
                buckets[next++] = BucketOf(joined.AsSpan(before..end));
            }

            before = start;
            start = end + 1;
        }

        Array.Sort(buckets);
        return CountEqual(buckets);
    }

    /// <summary>Returns the bucket of words joined by a space.</summary>
    public static int BucketOf(string ngram) => BucketOf(Encoding.UTF8.GetBytes(ngram));

    private static int BucketOf(ReadOnlySpan<byte> utf8)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8, hash);
        int remainder = 0;
        foreach (ushort digit in MemoryMarshal.Cast<byte, ushort>(hash))
        {
            ushort bigEndian = BitConverter.IsLittleEndian ? (ushort)((digit << 8) | (digit >> 8)) : digit;
            remainder = ((remainder << 16) | bigEndian) % BucketCount;
        }

        return remainder;
    }

    private static (int Bucket, int Count)[] CountEqual(ReadOnlySpan<int> sorted)
    {
        List<(int, int)> counts = [];
        for (int first = 0; first < sorted.Length; )
        {
            int bucket = sorted[first];
            int count = 1;
            while (first + count < sorted.Length && sorted[first + count] == bucket)
            {
                count++;
            }

            counts.Add((bucket, count));
            first += count;
        }

        return [.. counts];
    }
}
