using System.Collections;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Tsds.Data.Rows;
using Tsds.Evaluation.Methods;

namespace Tsds.Jobs.Compare;

/// <summary>
/// The rows of a pool for methods and metrics that read them many times: texts in a file, everything else in memory.
/// </summary>
/// <remarks>
/// A pass costs neither unpacking nor parsing. Texts are kept as UTF-16, two bytes a character, so that what comes back
/// is what was read.
/// </remarks>
internal sealed class PoolRowFile : IReadOnlyList<string>, IDisposable
{
    /// <summary>The bytes held in memory for a row: end of its text, source, tokens.</summary>
    public const int BytesPerRow = 48;

    private readonly SafeFileHandle _file;
    private readonly List<long> _ends;

    private PoolRowFile(SafeFileHandle file, List<long> ends)
    {
        _file = file;
        _ends = ends;
    }

    public int Count => _ends.Count;

    /// <summary>Gets the source of each row.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Gets the tokens of each row.</summary>
    public required IReadOnlyList<long> Tokens { get; init; }

    /// <summary>Gets the tokens of each row that are trained on.</summary>
    public required IReadOnlyList<long> SupervisedTokens { get; init; }

    /// <summary>Gets the hash of all that methods and metrics can see of the rows.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Gets the text of a row.</summary>
    public string this[int index]
    {
        get
        {
            long start = index == 0 ? 0 : _ends[index - 1];
            int bytes = checked((int)(_ends[index] - start));
            return string.Create(
                bytes / sizeof(char),
                (_file, start),
                static (text, from) => RandomAccess.Read(from._file, MemoryMarshal.AsBytes(text), from.start)
            );
        }
    }

    /// <summary>Copies the texts of a pool to a file.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="path">The file, which is new.</param>
    /// <param name="progress">Receives the bytes read; may be null.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static PoolRowFile Create(
        RowReader rows,
        string path,
        IProgress<long>? progress,
        CancellationToken cancellationToken
    )
    {
        List<long> ends = [];
        List<string> sources = [];
        List<long> tokens = [];
        List<long> supervised = [];
        Dictionary<string, string> names = new(StringComparer.Ordinal);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using (FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20))
        {
            foreach (Row row in rows.Read(RowFields.All | RowFields.Tokens, progress, cancellationToken))
            {
                ReadOnlySpan<byte> text = MemoryMarshal.AsBytes(row.Text.AsSpan());
                stream.Write(text);
                ends.Add(stream.Position);
                if (!names.TryGetValue(row.Source, out string? source))
                {
                    names.Add(row.Source, source = row.Source);
                }

                sources.Add(source);
                tokens.Add(row.Tokens);
                supervised.Add(row.SupervisedTokens);
                hash.AppendData(
                    Encoding.UTF8.GetBytes(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{row.Text.Length} {row.Tokens} {row.SupervisedTokens} {source}\n"
                        )
                    )
                );
                hash.AppendData(text);
            }
        }

        return new PoolRowFile(File.OpenHandle(path), ends)
        {
            Sources = sources,
            Tokens = tokens,
            SupervisedTokens = supervised,
            Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()),
        };
    }

    /// <summary>Reads the rows of some candidates, in their order.</summary>
    public IEnumerable<CandidateRow> Read(IEnumerable<long> candidateIds) =>
        candidateIds.Select(id => new CandidateRow(id, this[(int)id], Sources[(int)id]));

    public IEnumerator<string> GetEnumerator() => Enumerable.Range(0, Count).Select(row => this[row]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose() => _file.Dispose();
}
