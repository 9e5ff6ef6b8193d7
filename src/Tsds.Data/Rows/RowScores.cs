using System.Buffers.Binary;

namespace Tsds.Data.Rows;

/// <summary>A score for each row of a pool, in a file that is deleted with it, so that memory does not grow with the
/// pool.</summary>
internal sealed class RowScores : IDisposable
{
    private const int BatchRows = 1_024;
    private const int BatchCharacters = 1 << 20;
    private const int BufferBytes = 1 << 18;
    private const int HalfBits = 16;
    private const uint SignBit = 1U << 31;

    private readonly FileStream _file;
    private long _count;

    /// <summary>Initializes the scores of no row.</summary>
    /// <param name="path">The file that holds them.</param>
    public RowScores(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = new FileStream(
            path,
            FileMode.Create,
            FileAccess.ReadWrite,
            FileShare.None,
            BufferBytes,
            FileOptions.DeleteOnClose
        );
    }

    /// <summary>Scores texts on several threads while they are read on this one.</summary>
    /// <param name="texts">The texts, in the order of their rows.</param>
    /// <param name="score">Returns the score of a text, which is a number; called on several threads at once.</param>
    /// <param name="threadCount">The number of threads, that of the reader included. The scores do not depend on
    /// it.</param>
    public void Write(IEnumerable<string> texts, Func<string, float> score, int threadCount)
    {
        Queue<Task<float[]>> pending = new();
        List<string> batch = new(BatchRows);
        int characters = 0;
        try
        {
            foreach (string text in texts)
            {
                batch.Add(text);
                characters += text.Length;
                if (batch.Count == BatchRows || characters >= BatchCharacters)
                {
                    Send();
                }
            }

            Send();
            while (pending.TryDequeue(out Task<float[]>? task))
            {
                Append(task.GetAwaiter().GetResult());
            }
        }
        finally
        {
            Task.WhenAll(pending).ContinueWith(static _ => { }, TaskScheduler.Default).Wait();
        }

        void Send()
        {
            string[] sent = [.. batch];
            pending.Enqueue(Task.Run(() => Array.ConvertAll(sent, text => score(text))));
            batch.Clear();
            characters = 0;
            while (pending.Count >= Math.Max(threadCount, 2))
            {
                Append(pending.Dequeue().GetAwaiter().GetResult());
            }
        }
    }

    /// <summary>Returns the rows with the highest scores; of equal scores, those of the first rows.</summary>
    /// <param name="count">How many, at most as many as there are.</param>
    public MarkedRows Best(long count)
    {
        // The count-th highest score, its upper half first: two histograms in place of all scores.
        long above = 0;
        uint upper = CutOf(0, 0, count, ref above);
        uint cut = (upper << HalfBits) | CutOf(upper, HalfBits, count, ref above);
        long left = count - above;
        MarkedRows best = new(_count);
        long row = 0;
        foreach (uint key in Keys())
        {
            if (key > cut || (key == cut && left-- > 0))
            {
                best.Add(row);
            }

            row++;
        }

        return best;
    }

    /// <summary>Closes and deletes the file.</summary>
    public void Dispose() => _file.Dispose();

    private uint CutOf(uint upper, int knownBits, long count, ref long above)
    {
        long[] histogram = new long[1 << HalfBits];
        foreach (uint key in Keys())
        {
            if (knownBits == 0)
            {
                histogram[key >> HalfBits]++;
            }
            else if (key >> HalfBits == upper)
            {
                histogram[key & ushort.MaxValue]++;
            }
        }

        for (uint half = ushort.MaxValue; ; half--)
        {
            if (above + histogram[half] >= count || half == 0)
            {
                return half;
            }

            above += histogram[half];
        }
    }

    private void Append(float[] scores)
    {
        byte[] bytes = new byte[scores.Length * sizeof(uint)];
        for (int i = 0; i < scores.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(uint)), KeyOf(scores[i]));
        }

        _file.Write(bytes);
        _count += scores.Length;
    }

    /// <summary>Returns a number that is larger where the score is.</summary>
    private static uint KeyOf(float score)
    {
        uint bits = BitConverter.SingleToUInt32Bits(score == 0 ? 0f : score);
        return (bits & SignBit) != 0 ? ~bits : bits | SignBit;
    }

    private IEnumerable<uint> Keys()
    {
        _file.Flush();
        _file.Position = 0;
        byte[] buffer = new byte[BufferBytes];
        int read;
        while ((read = _file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)) > 0)
        {
            for (int i = 0; i < read; i += sizeof(uint))
            {
                yield return BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(i));
            }
        }
    }
}
