using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Tsds.Data.Containers;
using Tsds.Data.Files;
using Tsds.Data.Rows;
using Tsds.Jobs.Bundle;
using Tsds.Jobs.Inputs;

namespace Tsds.Jobs.Explore;

/// <summary>
/// Represents the files that a changed selection reads beside those of the one that it was made from: the numbers of
/// rows that are left out or kept, and the rows that became targets.
/// </summary>
/// <remarks>They lie in <c>explorer/changes</c> of the selection, called by their content, and are never
/// changed.</remarks>
internal sealed class ChangedInputs(
    SelectionManifest manifest,
    SelectionJobOptions options,
    JobInputs inputs,
    RowFacts facts
)
{
    /// <summary>The folder of a selection in which the explorer keeps what it makes.</summary>
    public const string FolderName = "explorer";

    private readonly string _folder = Path.Combine(manifest.Folder, FolderName, "changes");

    /// <summary>Determines whether a specification names a file of this kind.</summary>
    /// <param name="name">What it names, with the name of a task before it or not.</param>
    public static bool IsOwn(string name) =>
        name.Contains($"{FolderName}{Path.DirectorySeparatorChar}changes", StringComparison.Ordinal);

    /// <summary>Writes the numbers of rows to a file.</summary>
    /// <param name="rows">The rows.</param>
    /// <returns>The file, as a specification names it.</returns>
    public string WriteNumbers(IEnumerable<long> rows)
    {
        string text = string.Concat(
            rows.Distinct().Order().Select(row => row.ToString(CultureInfo.InvariantCulture) + "\n")
        );
        return Write(System.Text.Encoding.UTF8.GetBytes(text), ".rows");
    }

    /// <summary>Gets a value indicating whether targets can be left out of a specification: not where several files of
    /// embeddings are combined.</summary>
    public bool CanRewriteTargets { get; } =
        JobFiles.Resolve(options).TargetVectors.All(source => source.Files.Count == 1);

    /// <summary>
    /// Changes the targets of a specification: some may be left out, and rows may be added, each of which belongs to
    /// the task of the target nearest to it.
    /// </summary>
    /// <param name="spec">The specification.</param>
    /// <param name="request">What is to be another way.</param>
    /// <returns>The specification, which is the same one where the targets stay as they are or cannot be left
    /// out.</returns>
    /// <exception cref="InvalidOperationException">The targets are given in a form that rows cannot be added
    /// to.</exception>
    public SelectionSpec ChangeTargets(SelectionSpec spec, PlanRequest request)
    {
        bool leavesOut = request.WithoutTargets.Count > 0 && CanRewriteTargets;
        spec = leavesOut ? WithoutTargets(spec, [.. request.WithoutTargets]) : spec;
        return request.Targets.Count > 0 ? AddTargets(spec, request.Targets) : spec;
    }

    /// <summary>Writes the targets that stay, all files anew: what belongs to a row stays beside it.</summary>
    private SelectionSpec WithoutTargets(SelectionSpec spec, HashSet<int> without)
    {
        JobFiles files = JobFiles.Resolve(options with { Spec = spec });
        TargetInputs all = inputs.Targets;
        if (all.Reader is { } reader)
        {
            MemoryStream[] staying = [.. files.TargetFiles.Select(_ => new MemoryStream())];
            foreach (Row row in reader.Read(RowFields.All).Where(row => !without.Contains((int)row.Index)))
            {
                staying[row.FileIndex].Write(row.Utf8.Span);
                staying[row.FileIndex].WriteByte((byte)'\n');
            }

            spec = spec with
            {
                Targets =
                [
                    .. Enumerable
                        .Range(0, staying.Length)
                        .Where(file => staying[file].Length > 0)
                        .Select(file =>
                            Named(
                                files.TargetTasks[file],
                                RowContainer.StemOf(files.TargetFiles[file]),
                                Write(staying[file].ToArray(), ".jsonl")
                            )
                        ),
                ],
            };
        }

        List<string> vectors = [];
        int first = 0;
        foreach ((TaskSource task, EmbeddingMatrix given) in files.TargetVectorTasks.Zip(all.ReadVectors()))
        {
            int start = first;
            first += given.Count;
            int[] left = [.. Enumerable.Range(0, given.Count).Where(target => !without.Contains(start + target))];
            if (left.Length > 0)
            {
                vectors.Add(
                    Named(task, Path.GetFileNameWithoutExtension(task.Source), WriteVectors(given.Gather(left)))
                );
            }
        }

        return spec with
        {
            TargetVectors = vectors,
        };
    }

    private SelectionSpec AddTargets(SelectionSpec spec, IReadOnlyList<long> rows)
    {
        long[] ids = [.. rows.Distinct().Order()];
        EmbeddingMatrix embeddings = inputs.Pool.Pool.ReadEmbeddingsAsync(ids).AsTask().GetAwaiter().GetResult();
        ILookup<string, int> byTask = Enumerable.Range(0, ids.Length).ToLookup(i => TaskOf(embeddings[i]));
        JobFiles files = JobFiles.Resolve(options with { Spec = spec });
        if (spec.Targets.Count > 0)
        {
            List<string> targets =
            [
                .. files.TargetFiles.Select((file, i) => Named(files.TargetTasks[i], RowContainer.StemOf(file), file)),
            ];
            targets.AddRange(
                byTask.Select(task =>
                    Entry(task.Key, WriteRows(task.Select(i => ids[i])), WeightOf(files.TargetTasks, task.Key))
                )
            );
            spec = spec with { Targets = targets };
        }

        return spec.TargetVectors.Count > 0 ? AddVectors(spec, files, byTask, embeddings) : spec;
    }

    private SelectionSpec AddVectors(
        SelectionSpec spec,
        JobFiles files,
        ILookup<string, int> byTask,
        EmbeddingMatrix embeddings
    )
    {
        if (files.PoolVectors.Any(source => source.Files.Count > 1))
        {
            throw new InvalidOperationException(
                "Expected embeddings of one file each, found several that are combined; rows cannot become targets "
                    + "of such a selection here: write their rows to a file, and select with it."
            );
        }

        List<string> targets =
        [
            .. files.TargetVectorTasks.Select(task =>
                Named(task, Path.GetFileNameWithoutExtension(task.Source), task.Source)
            ),
        ];
        targets.AddRange(
            byTask.Select(task =>
                Entry(task.Key, WriteVectors(embeddings.Gather([.. task])), WeightOf(files.TargetVectorTasks, task.Key))
            )
        );
        return spec with { TargetVectors = targets };
    }

    private string TaskOf(ReadOnlySpan<float> row)
    {
        EmbeddingMatrix targets = inputs.Targets.Embeddings;
        int nearest = 0;
        double least = double.PositiveInfinity;
        for (int target = 0; target < targets.Count; target++)
        {
            double distance = 0;
            for (int i = 0; i < row.Length; i++)
            {
                double difference = (double)row[i] - targets[target][i];
                distance += difference * difference;
            }

            (nearest, least) = distance < least ? (target, distance) : (nearest, least);
        }

        return inputs.Targets.Tasks?.NameOf(nearest) ?? OnlyTask();
    }

    /// <summary>Gets the name of the task of targets that nobody named: that of their file.</summary>
    private string OnlyTask() =>
        inputs.Targets.Rows is { } rows ? RowContainer.StemOf(rows[0].File)
        : inputs.Targets.VectorFiles is [{ } file, ..] ? Path.GetFileNameWithoutExtension(file.Path)
        : "targets";

    private static string Named(TaskSource task, string stem, string source) =>
        Entry(task.Name ?? stem, source, task.Weight);

    private static string Entry(string name, string source, double? weight)
    {
        string safe = string.Concat(name.Select(letter => TaskSource.IsNameLetter(letter) ? letter : '-'));
        return weight is { } number
            ? string.Create(CultureInfo.InvariantCulture, $"{safe}={source}:{number:R}")
            : $"{safe}={source}";
    }

    private static double? WeightOf(IReadOnlyList<TaskSource> tasks, string name) =>
        tasks.FirstOrDefault(task => task.Name == name)?.Weight
        ?? (tasks is [{ Weight: { } weight }, ..] ? weight : null);

    private string WriteRows(IEnumerable<long> rows)
    {
        using MemoryStream stream = new();
        foreach (long row in rows)
        {
            stream.Write(facts.Texts!.ReadRow(row));
            stream.WriteByte((byte)'\n');
        }

        return Write(stream.ToArray(), ".jsonl");
    }

    private string WriteVectors(EmbeddingMatrix rows)
    {
        string path = PathOf(MemoryMarshal.AsBytes(rows.Values.Span), ".npy");
        if (!File.Exists(path))
        {
            AtomicFile.Create(
                path,
                partial =>
                {
                    using NpyWriter writer = new(partial, rows.Dimension);
                    writer.Append(rows.Values.Span);
                    writer.Complete();
                }
            );
        }

        return NameOf(path);
    }

    private string PathOf(ReadOnlySpan<byte> content, string ending)
    {
        string name = Convert.ToHexStringLower(SHA256.HashData(content))[..16];
        return Path.Combine(Directory.CreateDirectory(_folder).FullName, name + ending);
    }

    private string Write(byte[] content, string ending)
    {
        string path = PathOf(content, ending);
        if (!File.Exists(path))
        {
            AtomicFile.Write(path, stream => stream.Write(content));
        }

        return NameOf(path);
    }

    /// <summary>Gets a path as a specification names it: from the folder that its other paths start in.</summary>
    /// <param name="path">The path.</param>
    public string NameOf(string path)
    {
        string relative = Path.GetRelativePath(options.Root ?? Environment.CurrentDirectory, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? path : relative;
    }
}
