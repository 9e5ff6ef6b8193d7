using Tsds.Data.Files;

namespace Tsds.Jobs.Batch;

/// <summary>The answer of one task to a request: a part, which is finished if its file is complete.</summary>
/// <param name="Request">The seal of the request.</param>
/// <param name="Rows">The candidates that were searched.</param>
/// <param name="K">Neighbors of each target; 0 if there are none.</param>
/// <param name="CandidateIds">Their ids, counted from the first candidate of the part.</param>
/// <param name="Values">Their squared distances; or the sums of densities, one a point.</param>
internal sealed record PartFile(string Request, long Rows, int K, long[] CandidateIds, double[] Values)
{
    private const string Magic = "TSDSPART1";

    /// <summary>Reads a part, or returns null if it is missing, damaged or for another request.</summary>
    /// <param name="path">An existing file.</param>
    /// <param name="request">The seal of the request that it must answer.</param>
    /// <returns>Null if it is damaged, or answers another request.</returns>
    public static PartFile? TryRead(string path, string request)
    {
        PartFile? part = SealedFile.TryRead(path, Read);
        return part?.Request == request ? part : null;
    }

    public void Write(string path) =>
        SealedFile.Write(
            path,
            writer =>
            {
                writer.Write(Magic);
                writer.Write(Request);
                writer.Write(Rows);
                writer.Write(K);
                writer.WriteArray<long>(CandidateIds);
                writer.WriteArray<double>(Values);
            }
        );

    private static PartFile? Read(BinaryReader reader) =>
        reader.ReadString() == Magic
            ? new PartFile(
                reader.ReadString(),
                reader.ReadInt64(),
                reader.ReadInt32(),
                reader.ReadArray<long>(),
                reader.ReadArray<double>()
            )
            : null;
}
