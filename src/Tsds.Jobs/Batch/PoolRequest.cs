using Tsds.Data.Files;

namespace Tsds.Jobs.Batch;

/// <summary>One call of a pool, written to a file for batch jobs to answer.</summary>
/// <param name="Stage"><see cref="SelectionStage.Neighbors"/> or <see cref="SelectionStage.Densities"/>.</param>
/// <param name="Normalization">What is done to the pool's embeddings.</param>
/// <param name="Files">The pool.</param>
/// <param name="View">How the pool is seen, or null for as it is.</param>
/// <param name="Points">The targets or points, normalized and centered.</param>
/// <param name="K">Neighbors of each target.</param>
/// <param name="Bandwidth">σ.</param>
/// <param name="Population">Ids to sum over, or null for the whole pool.</param>
internal sealed record PoolRequest(
    SelectionStage Stage,
    Normalization Normalization,
    IReadOnlyList<PoolFile> Files,
    PoolView? View,
    EmbeddingMatrix Points,
    int K,
    double Bandwidth,
    ReadOnlyMemory<long>? Population
)
{
    private const string Magic = "TSDSREQ2";

    /// <summary>Reads a request that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The file is another one, or damaged.</exception>
    public static PoolRequest Read(string path)
    {
        PoolRequest? request = SealedFile.TryRead(
            path,
            reader =>
            {
                if (reader.ReadString() != Magic)
                {
                    throw new InvalidDataException(
                        $"Expected a request of 'tsds merge' in {path}, found another file."
                    );
                }

                SelectionStage stage = (SelectionStage)reader.ReadInt32();
                Normalization normalization = (Normalization)reader.ReadInt32();
                PoolFile[] files = new PoolFile[reader.ReadInt32()];
                for (int i = 0; i < files.Length; i++)
                {
                    files[i] = new PoolFile(reader.ReadString(), reader.ReadInt64(), reader.ReadString());
                }

                PoolView? view = reader.ReadBoolean()
                    ? new PoolView(reader.ReadArray<float>(), reader.ReadArray<float>(), reader.ReadDouble())
                    : null;
                int dimension = reader.ReadInt32();
                EmbeddingMatrix points = new(reader.ReadArray<float>(), dimension);
                int k = reader.ReadInt32();
                double bandwidth = reader.ReadDouble();
                ReadOnlyMemory<long>? population = reader.ReadBoolean()
                    ? reader.ReadArray<long>().AsMemory()
                    : default(ReadOnlyMemory<long>?);
                return new PoolRequest(stage, normalization, files, view, points, k, bandwidth, population);
            }
        );
        return request
            ?? throw new InvalidDataException(
                $"Expected a whole request in {path}, found a damaged one; delete it and run 'tsds merge' "
                    + $"again, it writes it anew."
            );
    }

    public void Write(string path) =>
        SealedFile.Write(
            path,
            writer =>
            {
                writer.Write(Magic);
                writer.Write((int)Stage);
                writer.Write((int)Normalization);
                writer.Write(Files.Count);
                foreach (PoolFile file in Files)
                {
                    writer.Write(file.Source);
                    writer.Write(file.Rows);
                    writer.Write(file.Sha256);
                }

                writer.Write(View is not null);
                if (View is { } view)
                {
                    writer.WriteArray(view.Mean.Span);
                    writer.WriteArray(view.Direction.Span);
                    writer.Write(view.Offset);
                }

                writer.Write(Points.Dimension);
                writer.WriteArray(Points.Values.Span);
                writer.Write(K);
                writer.Write(Bandwidth);
                writer.Write(Population is not null);
                if (Population is { } ids)
                {
                    writer.WriteArray(ids.Span);
                }
            }
        );
}
