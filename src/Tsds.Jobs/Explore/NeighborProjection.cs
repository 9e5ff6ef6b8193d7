using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tsds.Data.Files;
using Tsds.Evaluation.Maps;
using Tsds.Jobs.Bundle;

namespace Tsds.Jobs.Explore;

/// <summary>
/// Projects a pool and its targets so that neighbors stay near, once: the map is kept with the selection.
/// </summary>
/// <remarks>
/// <c>explorer/neighbors.map</c>: the SHA-256 of what it was made of, two int32 (rows, targets), two uint16 for each
/// point, and the SHA-256 of all before, little endian.
/// </remarks>
internal static class NeighborProjection
{
    /// <summary>The name of the map.</summary>
    public const string Name = "neighbors";

    /// <summary>The name of its file.</summary>
    public const string FileName = "neighbors.map";

    private const string Version = "tsds neighbors 1";
    private const int HeaderBytes = SHA256.HashSizeInBytes + (2 * sizeof(int));

    /// <summary>Reads the map of a selection, or makes it.</summary>
    /// <param name="explorer">The selection.</param>
    /// <param name="progress">Receives what is being done, and the share of it.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<Projection> ReadOrCreateAsync(
        SelectionExplorer explorer,
        IProgress<(string Stage, double Share)> progress,
        CancellationToken cancellationToken
    )
    {
        int rows = checked((int)explorer.RowCount);
        int targets = explorer.Inputs.Targets.Count;
        string folder = Path.Combine(explorer.Manifest.Folder, ChangedInputs.FolderName);
        string path = Path.Combine(folder, FileName);
        byte[] key = KeyOf(explorer);
        if (TryRead(path, key, rows, targets) is { } kept)
        {
            return kept;
        }

        PoolView centering = new(explorer.Current.Transport?.Views[0].Mean ?? default, default, 0);
        ICandidatePool pool = explorer.Inputs.Pool.Pool;
        float[] places = await NeighborEmbedding
            .CreateAsync(
                centering.Mean.IsEmpty ? pool : pool.WithView(centering),
                centering.Apply(explorer.Inputs.Targets.Embeddings),
                explorer.Current.Chosen,
                explorer.Context.Options.ThreadCount,
                progress,
                cancellationToken
            )
            .ConfigureAwait(false);
        float[] xs = new float[places.Length / 2];
        float[] ys = new float[xs.Length];
        for (int i = 0; i < xs.Length; i++)
        {
            (xs[i], ys[i]) = (places[2 * i], places[(2 * i) + 1]);
        }

        Projection map = Projection.Fit(Name, xs, ys);
        TryWrite(folder, path, key, rows, map);
        return map;
    }

    private static byte[] KeyOf(SelectionExplorer explorer) =>
        SHA256.HashData(
            System.Text.Encoding.UTF8.GetBytes(
                $"{Version}\n{FileHash.Of(Path.Combine(explorer.Manifest.Folder, SelectionFiles.Manifest))}\n"
            )
        );

    private static Projection? TryRead(string path, byte[] key, int rows, int targets)
    {
        int points = checked(rows + targets);
        long expected = HeaderBytes + (4L * points) + SHA256.HashSizeInBytes;
        if (!File.Exists(path) || new FileInfo(path).Length != expected)
        {
            return null;
        }

        byte[] bytes = File.ReadAllBytes(path);
        ReadOnlySpan<byte> content = bytes.AsSpan(0, bytes.Length - SHA256.HashSizeInBytes);
        bool isOurs =
            content.StartsWith(key)
            && BitConverter.ToInt32(content[SHA256.HashSizeInBytes..]) == rows
            && SHA256.HashData(content).AsSpan().SequenceEqual(bytes.AsSpan(content.Length));
        return isOurs ? Projection.Of(Name, MemoryMarshal.Cast<byte, ushort>(content[HeaderBytes..]).ToArray()) : null;
    }

    private static void TryWrite(string folder, string path, byte[] key, int rows, Projection map)
    {
        int targets = (map.Places.Length / 2) - rows;
        byte[] content =
        [
            .. key,
            .. BitConverter.GetBytes(rows),
            .. BitConverter.GetBytes(targets),
            .. MemoryMarshal.AsBytes(map.Places.Span),
        ];
        try
        {
            Directory.CreateDirectory(folder);
            AtomicFile.Write(
                path,
                stream =>
                {
                    stream.Write(content);
                    stream.Write(SHA256.HashData(content));
                }
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be written to is looked at all the same; the map is made again the next time.
        }
    }
}
