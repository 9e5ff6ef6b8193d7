using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Bundle;

/// <summary>Writes the selected rows, and with them lineage and excluded rows, in one pass over the pool.</summary>
/// <param name="context">The job.</param>
/// <param name="inputs">The pool.</param>
/// <param name="sources">Learns the source of each row, of those of the lineage with its number.</param>
internal sealed class SelectedFile(JobContext context, JobInputs inputs, SourceLedger sources)
{
    /// <summary>Writes the files and returns the name of the file of selected rows.</summary>
    /// <param name="lineage">Which rows, and how often each was drawn.</param>
    /// <param name="repeats">True if a row that was drawn several times is written as often.</param>
    /// <param name="shown">Rows whose texts a report wants; they are found on the way.</param>
    /// <returns>The path of the selected rows.</returns>
    public string Write(LineageWriter lineage, bool repeats, ShownRows shown) =>
        inputs.Pool.Rows is { } rows ? WriteRows(rows, lineage, repeats, shown) : WriteIds(lineage);

    /// <summary>Writes ids in pool order, repeated by count, if there are no rows to copy.</summary>
    private string WriteIds(LineageWriter lineage)
    {
        using (ExcludedFile excluded = new(inputs.Exclusion, context.Scratch.PathOf(LineageFile.Excluded)))
        {
            while (excluded.NextCandidateId is not null)
            {
                excluded.Write(null, null);
            }
        }

        List<long> ids = [.. inputs.Withheld.Kept];
        while (lineage.NextCandidateId is { } id)
        {
            ids.AddRange(Enumerable.Repeat(id, checked((int)lineage.Write(null, null))));
        }

        string path = context.Scratch.PathOf("selected.npy");
        Npy.WriteInt64(path, ids.ToArray());
        return path;
    }

    /// <summary>Copies the selected rows byte for byte, and records where the reached ones are.</summary>
    /// <remarks>
    /// To the end of each file, after the last reached row too: only there does the reader know that the file is still
    /// the one it hashed.
    /// </remarks>
    private string WriteRows(RowReader rows, LineageWriter lineage, bool repeats, ShownRows shown)
    {
        string path = context.Scratch.PathOf(SelectionFiles.Selected);
        IReadOnlyList<InputFile> files = rows.Files;
        using ExcludedFile excluded = new(inputs.Exclusion, context.Scratch.PathOf(LineageFile.Excluded));
        using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16);
        WriteKeptRows(stream);
        WriteWithheldRows(rows, stream);
        foreach (Row row in rows.Read(RowFields.All, shown.Wanted, cancellationToken: context.Cancellation))
        {
            if (row.Index % 4096 == 0)
            {
                context.Progress?.Report(new SelectionProgress(SelectionStage.Writing, row.Index, rows.RowCount));
            }

            sources.Count(row.Source);
            shown.Offer(row, files[row.FileIndex].Path);
            if (row.Index == excluded.NextCandidateId)
            {
                excluded.Write(row, files[row.FileIndex].Path);
            }

            if (row.Index != lineage.NextCandidateId)
            {
                continue;
            }

            long count = lineage.Write(row, files[row.FileIndex].Path);
            sources.Add(row.Index, row.Source, count > 0);
            for (long copy = 0; copy < (repeats ? count : Math.Min(count, 1)); copy++)
            {
                stream.Write(row.Utf8.Span);
                stream.WriteByte((byte)'\n');
            }
        }

        return path;
    }

    /// <summary>Copies the kept rows byte for byte.</summary>
    private void WriteWithheldRows(RowReader rows, FileStream stream)
    {
        if (inputs.Withheld.Kept.Count == 0)
        {
            return;
        }

        HashSet<long> kept = [.. inputs.Withheld.Kept];
        foreach (
            Row row in rows.Read(RowFields.None, cancellationToken: context.Cancellation)
                .Where(row => kept.Contains(row.Index))
        )
        {
            stream.Write(row.Utf8.Span);
            stream.WriteByte((byte)'\n');
        }
    }

    private void WriteKeptRows(FileStream stream)
    {
        foreach (GivenRows kept in inputs.Exclusion.Given.Where(given => given.Option == GivenRows.Keep))
        {
            foreach (Row row in kept.Reader?.Read(RowFields.None, cancellationToken: context.Cancellation) ?? [])
            {
                stream.Write(row.Utf8.Span);
                stream.WriteByte((byte)'\n');
            }
        }
    }
}
