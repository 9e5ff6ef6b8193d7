using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CsCheck;
using Tsds.Pools;
using Tsds.Tests.TestPools;

namespace Tsds.Tests.Pools;

public sealed class NpyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, "<f4")]
    [InlineData(2, "<f4")]
    [InlineData(3, "<f4")]
    [InlineData(1, "<f2")]
    [InlineData(2, "<f8")]
    [InlineData(1, "=f8")]
    public void ReadEmbeddings_EveryVersionAndElement_ReadsTheValues(int version, string description)
    {
        string path = Write(
            "a.npy",
            version,
            $"{{'descr': '{description}', 'fortran_order': False, 'shape': (3, 2), }}",
            Elements(description)
        );
        EmbeddingMatrix matrix = Npy.ReadEmbeddings([path]);
        Assert.Equal(2, matrix.Dimension);
        Assert.Equal([0.5f, -1f, 1.5f, -2f, 2.5f, -3f], matrix.Values.ToArray());
        Assert.Equal(3, Npy.ReadShape(path).Count);
    }

    [Fact]
    public void MappedFile_BehindALink_IsTheFileThatItLeadsTo()
    {
        string path = Write("a.npy", 1, "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", Elements("<f4"));
        string link = Path.Combine(Path.GetDirectoryName(path)!, "link.npy");
        File.CreateSymbolicLink(link, path);
        using MappedFile file = new(link);
        Assert.Equal(File.ReadAllBytes(path), file.Span<byte>(0, (int)file.Length).ToArray());
    }

    [Theory]
    [InlineData("{'descr': '<i8', 'fortran_order': False, 'shape': (3, 2), }", "dtype '<i8'")]
    [InlineData("{'descr': '|u1', 'fortran_order': False, 'shape': (3, 2), }", "integers do not contain")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (3, 2), }", "little-endian")]
    [InlineData("{'descr': '|b1', 'fortran_order': False, 'shape': (3, 2), }", "dtype '|b1'")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (3, 2), }", "dtype '<c8'")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (3, 2), }", "structured")]
    [InlineData("{'descr': '<f4', 'fortran_order': True, 'shape': (3, 2), }", "ascontiguousarray")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (6,), }", "2-D")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1, 2), }", "2-D")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 0), }", "dimension")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 2), }", "dimension")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2), }", "truncated or damaged")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 2), }", "truncated or damaged")]
    [InlineData("{'descr': '<f4', 'shape': (3, 2), }", "keys")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-3, 2), }", "whole numbers")]
    [InlineData("not a dictionary", "'{'")]
    [InlineData("", "'{'")]
    public void ReadEmbeddings_UnusableHeader_SaysWhatWasFound(string header, string expected)
    {
        string path = Write("a.npy", 1, header, Elements("<f4"));
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => Npy.ReadEmbeddings([path]));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadEmbeddings_TruncatedAnywhere_Throws()
    {
        string path = Write("a.npy", 1, "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", Elements("<f4"));
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Throws<InvalidDataException>(() => Npy.ReadEmbeddings([path]));
        }
    }

    /// <summary>Damaged bytes end in values or in the one kind of error that a user reads, never in another.</summary>
    [Fact]
    public void ReadEmbeddings_DamagedBytes_ReadsOrRefuses() =>
        Gen.Select(Gen.Int[0, 70], Gen.Byte, Gen.Int[0, 70], Gen.Byte)
            .Sample(
                (first, firstByte, second, secondByte) =>
                {
                    string path = Write(
                        "fuzz.npy",
                        1,
                        "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }",
                        Elements("<f4")
                    );
                    byte[] bytes = File.ReadAllBytes(path);
                    bytes[first] = firstByte;
                    bytes[second] = secondByte;
                    File.WriteAllBytes(path, bytes);
                    try
                    {
                        Npy.ReadEmbeddings([path]);
                    }
                    catch (InvalidDataException error)
                    {
                        Assert.Contains(path, error.Message, StringComparison.Ordinal);
                    }
                },
                iter: 2000,
                threads: 1
            );

    [Fact]
    public void ReadEmbeddings_RandomBytes_Refuses() =>
        Gen
            .Byte.Array[0, 200]
            .Sample(
                bytes =>
                {
                    string path = _folder["random.npy"];
                    File.WriteAllBytes(path, [.. NpyHeader.Magic, 1, 0, .. bytes]);
                    Assert.Throws<InvalidDataException>(() => Npy.ReadEmbeddings([path]));
                },
                iter: 500,
                threads: 1
            );

    [Fact]
    public async Task OpenNpy_SeveralFiles_AreOnePoolInOrder()
    {
        EmbeddingMatrix all = Vectors.Create(1, 300, 5, VectorKind.Spread);
        string[] paths = [_folder["a.npy"], _folder["empty.npy"], _folder["b c.npy"]];
        WriteRows(paths[0], all.Values.Span[..(120 * 5)]);
        WriteRows(paths[1], []);
        WriteRows(paths[2], all.Values.Span[(120 * 5)..]);
        using CandidatePool files = CandidatePool.OpenNpy(
            paths,
            new CandidatePoolOptions { Normalization = Normalization.None }
        );
        long[] ids = [299, 0, 120, 119, 121];
        EmbeddingMatrix read = await files.ReadEmbeddingsAsync(ids, TestContext.Current.CancellationToken);
        Assert.Equal(300, files.Count);
        Assert.Equal(all.Gather([299, 0, 120, 119, 121]).Values.ToArray(), read.Values.ToArray());
        using CandidatePool memory = CandidatePool.FromEmbeddings(
            all,
            new CandidatePoolOptions { Normalization = Normalization.None }
        );
        NeighborTable expected = await memory.FindNearestAsync(read, 20, null, TestContext.Current.CancellationToken);
        NeighborTable found = await files.FindNearestAsync(read, 20, null, TestContext.Current.CancellationToken);
        Assert.Equal(expected.CandidateIds(2).ToArray(), found.CandidateIds(2).ToArray());
    }

    /// <summary>More elements than an int counts, in a file that is mostly holes.</summary>
    [Fact]
    public async Task OpenNpy_MoreThanTwoToThe31Elements_ReadsTheLastRow()
    {
        const int Dimension = 1 << 16;
        const long Rows = (1L << 15) + 3;
        string path = _folder["large.npy"];
        byte[] header = Npy.Header("<f2", $"({Rows}, {Dimension})");
        using (FileStream stream = new(path, FileMode.CreateNew))
        {
            stream.Write(header);
            stream.SetLength(header.Length + (Rows * Dimension * 2));
            stream.Position = stream.Length - 2;
            stream.Write(MemoryMarshal.AsBytes<Half>([(Half)1.5f]));
        }

        using CandidatePool pool = CandidatePool.OpenNpy(
            [path],
            new CandidatePoolOptions { Normalization = Normalization.None }
        );
        EmbeddingMatrix last = await pool.ReadEmbeddingsAsync(
            new[] { Rows - 1 },
            TestContext.Current.CancellationToken
        );
        Assert.True(pool.Count * pool.Dimension > int.MaxValue);
        Assert.Equal(1.5f, last[0][Dimension - 1]);
        Assert.Equal(0f, last[0][0]);
    }

    [Theory]
    [InlineData(float.NaN, "column 3", "NaN")]
    [InlineData(float.NegativeInfinity, "column 3", "infinity")]
    public async Task FindNearestAsync_UnusableNumber_NamesFileRowAndColumn(float value, string column, string found)
    {
        EmbeddingMatrix matrix = Vectors.Create(1, 300, 5, VectorKind.Spread);
        float[] values = matrix.Values.ToArray();
        values[(217 * 5) + 3] = value;
        string path = _folder["bad.npy"];
        WriteRows(path, values);
        using CandidatePool pool = CandidatePool.OpenNpy([path]);
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(async () =>
            await pool.FindNearestAsync(matrix.Gather([1, 2]), 3, null, TestContext.Current.CancellationToken)
        );
        Assert.Contains($"{path} row 217, {column}", error.Message, StringComparison.Ordinal);
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0f, Normalization.L2, "zeros")]
    [InlineData(1e20f, Normalization.None, "1e18")]
    [InlineData(1e-25f, Normalization.None, "1e-18")]
    public async Task FindNearestAsync_UnusableNorm_NamesFileAndRow(
        float value,
        Normalization normalization,
        string found
    )
    {
        EmbeddingMatrix matrix = Vectors.Create(1, 30, 5, VectorKind.Spread);
        float[] values = matrix.Values.ToArray();
        values.AsSpan(7 * 5, 5).Fill(value);
        string path = _folder["bad.npy"];
        WriteRows(path, values);
        using CandidatePool pool = CandidatePool.OpenNpy(
            [path],
            new CandidatePoolOptions { Normalization = normalization }
        );
        InvalidDataException error = await Assert.ThrowsAsync<InvalidDataException>(async () =>
            await pool.FindNearestAsync(matrix.Gather([1, 2]), 3, null, TestContext.Current.CancellationToken)
        );
        Assert.Contains($"{path} row 7", error.Message, StringComparison.Ordinal);
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OpenNpy_DifferentDimensions_NamesBothFiles()
    {
        string first = _folder["a.npy"];
        string second = _folder["b.npy"];
        using (NpyWriter writer = new(first, 4))
        {
            writer.Complete();
        }

        using (NpyWriter writer = new(second, 5))
        {
            writer.Complete();
        }

        InvalidDataException error = Assert.Throws<InvalidDataException>(() => CandidatePool.OpenNpy([first, second]));
        Assert.Contains(first, error.Message, StringComparison.Ordinal);
        Assert.Contains(second, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteInt64_Values_AreOneDimensionalAndLittleEndian()
    {
        string path = _folder["ids.npy"];
        Npy.WriteInt64(path, [3, 5, 1L << 40]);
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal(128 + 24, bytes.Length);
        Assert.Contains(
            "'<i8', 'fortran_order': False, 'shape': (3,)",
            Encoding.ASCII.GetString(bytes, 10, 118),
            StringComparison.Ordinal
        );
        Assert.Equal(1L << 40, BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(128 + 16)));
    }

    private static byte[] Elements(string description)
    {
        double[] values = [0.5, -1, 1.5, -2, 2.5, -3];
        return description[1..] switch
        {
            "f2" => MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, value => (Half)value)).ToArray(),
            "f8" => MemoryMarshal.AsBytes<double>(values).ToArray(),
            _ => MemoryMarshal.AsBytes<float>(Array.ConvertAll(values, value => (float)value)).ToArray(),
        };
    }

    private static void WriteRows(string path, ReadOnlySpan<float> rows)
    {
        using NpyWriter writer = new(path, 5);
        writer.Append(rows);
        writer.Complete();
    }

    private string Write(string name, byte version, string header, byte[] data)
    {
        string path = _folder[name];
        byte[] text = Encoding.Latin1.GetBytes(header + "\n");
        byte[] length = new byte[version == 1 ? 2 : 4];
        if (version == 1)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(length, (ushort)text.Length);
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(length, text.Length);
        }

        File.WriteAllBytes(path, [.. NpyHeader.Magic, version, 0, .. length, .. text, .. data]);
        return path;
    }

    private string Write(string name, int version, string header, byte[] data) =>
        Write(name, (byte)version, header, data);
}
