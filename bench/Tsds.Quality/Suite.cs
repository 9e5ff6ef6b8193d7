using System.Text.Json;
using System.Text.Json.Nodes;
using Tsds.Data.Embedding;
using Tsds.Data.Embedding.Choice;
using Tsds.Data.Embedding.Lexical;
using Tsds.Data.Rows;
using Tsds.Evaluation.Protocol;

namespace Tsds.Quality;

/// <summary>One suite of the evaluation data, embedded: a pool, and the tasks.</summary>
internal sealed class Suite
{
    /// <summary>The sources of each suite that have rows for tasks of the other one.</summary>
    private static readonly Dictionary<string, string[]> Akin = new()
    {
        ["instruct"] =
        [
            "nl2bash",
            "tldr-commands",
            "tldr-commands-i18n",
            "medquad-qa",
            "pubmedqa",
            "clinc-intent",
            "attack-technique",
            "openstax-exercises",
        ],
        ["domain"] = ["nl2bash", "tldr-en", "tldr-i18n", "medquad", "pubmedqa", "clinc150", "xquad-context"],
    };

    private Suite(
        string name,
        IReadOnlyList<LabelledText> rows,
        EmbeddingMatrix pool,
        IReadOnlyList<int> originals,
        IReadOnlyList<SuiteTask> tasks
    )
    {
        (Name, Rows, Pool, Originals, Tasks) = (name, rows, pool, originals, tasks);
    }

    public string Name { get; }

    public IReadOnlyList<LabelledText> Rows { get; }

    public EmbeddingMatrix Pool { get; }

    /// <summary>Gets the row that each row is a copy of, itself where it is none.</summary>
    public IReadOnlyList<int> Originals { get; }

    public IReadOnlyList<SuiteTask> Tasks { get; }

    /// <summary>Reads and embeds a suite.</summary>
    /// <param name="folder">The folder of the data.</param>
    /// <param name="name">The suite.</param>
    /// <param name="embedder">The embedder, or the random projection that it is compared with.</param>
    /// <param name="rowCount">How many rows of the pool are taken, evenly over it, or null for all.</param>
    /// <param name="joined">A suite whose pool is joined, without the sources that have rows for these tasks; or
    /// null.</param>
    public static Suite Load(
        string folder,
        string name,
        SuiteEmbedder embedder,
        int? rowCount = null,
        string? joined = null
    )
    {
        List<LabelledText> rows = Read(Path.Combine(folder, name, "pool.jsonl.zst"));
        if (joined is not null)
        {
            rows.AddRange(
                Read(Path.Combine(folder, joined, "pool.jsonl.zst")).Where(row => !Akin[joined].Contains(row.Source))
            );
        }

        if (rowCount is { } count)
        {
            rows = [.. HashSample.OfRange(rows.Count, count, 0).Select(row => rows[(int)row])];
        }

        Func<IReadOnlyList<string>, EmbeddingMatrix> embed = Fit(rows, embedder);
        using JsonDocument described = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "tasks.json")));
        JsonElement tasks = described.RootElement.GetProperty(name);
        Dictionary<string, SuiteTask> known = [];
        foreach (
            JsonProperty task in tasks.EnumerateObject().Where(task => task.Value.TryGetProperty("relevance", out _))
        )
        {
            Dictionary<string, double> relevance = task
                .Value.GetProperty("relevance")
                .EnumerateObject()
                .ToDictionary(pair => pair.Name, pair => pair.Value.GetDouble());
            List<LabelledText> queries = ReadTask(folder, name, task.Name, "query");
            known.Add(
                task.Name,
                new SuiteTask(
                    task.Name,
                    queries,
                    embed([.. queries.Select(row => row.Text)]),
                    ReadTask(folder, name, task.Name, "devtest"),
                    ReadTask(folder, name, task.Name, "train"),
                    relevance
                )
            );
        }

        foreach (
            JsonProperty task in tasks.EnumerateObject().Where(task => task.Value.TryGetProperty("proportions", out _))
        )
        {
            known.Add(task.Name, Mix(folder, name, task, known, embed));
        }

        return new Suite(
            name,
            rows,
            embed([.. rows.Select(row => row.Text)]),
            [.. Enumerable.Range(0, rows.Count)],
            [.. known.Values]
        );
    }

    /// <summary>
    /// The suite with 1 % of its rows copied: each so many times in all, by the variants that the data hold of it, in
    /// turn.
    /// </summary>
    public Suite WithCopies(string folder, int times)
    {
        List<(string Original, LabelledText Row)> variants = ReadVariants(
            Path.Combine(folder, Name, "dups_x100.jsonl.zst")
        );
        Dictionary<string, int> rowOf = Read(Path.Combine(folder, Name, "pool.jsonl.zst"), node => (string)node["id"]!)
            .Select((id, row) => (id, row))
            .ToDictionary(pair => pair.id, pair => pair.row, StringComparer.Ordinal);
        Func<IReadOnlyList<string>, EmbeddingMatrix> embed = Fit(Rows, SuiteEmbedder.Default);
        EmbeddingMatrix vectors = embed([.. variants.Select(variant => variant.Row.Text)]);
        List<LabelledText> rows = [.. Rows];
        List<int> originals = [.. Originals];
        List<int> taken = [];
        foreach (
            IGrouping<string, int> copies in Enumerable
                .Range(0, variants.Count)
                .GroupBy(variant => variants[variant].Original)
        )
        {
            int[] members = [.. copies];
            for (int copy = 0; copy < times - 1; copy++)
            {
                int variant = members[copy % members.Length];
                taken.Add(variant);
                rows.Add(variants[variant].Row);
                originals.Add(rowOf[copies.Key]);
            }
        }

        float[] values = new float[checked((Rows.Count + taken.Count) * Pool.Dimension)];
        Pool.Values.Span.CopyTo(values);
        for (int i = 0; i < taken.Count; i++)
        {
            vectors[taken[i]].CopyTo(values.AsSpan((Rows.Count + i) * Pool.Dimension));
        }

        return new Suite(Name, rows, new EmbeddingMatrix(values, Pool.Dimension), originals, Tasks);
    }

    /// <summary>
    /// A mixture of other tasks: its targets are its own, what judges it comes from theirs in the same proportions.
    /// </summary>
    private static SuiteTask Mix(
        string folder,
        string suite,
        JsonProperty task,
        Dictionary<string, SuiteTask> parts,
        Func<IReadOnlyList<string>, EmbeddingMatrix> embed
    )
    {
        List<LabelledText> queries = ReadTask(folder, suite, task.Name, "query");
        Dictionary<string, double> proportions = task
            .Value.GetProperty("proportions")
            .EnumerateObject()
            .ToDictionary(pair => pair.Name, pair => pair.Value.GetDouble());
        double total = proportions.Min(part => parts[part.Key].HeldOut.Count / part.Value);
        return new SuiteTask(
            task.Name,
            queries,
            embed([.. queries.Select(row => row.Text)]),
            [.. proportions.SelectMany(part => parts[part.Key].HeldOut.Take((int)(total * part.Value)))],
            [],
            proportions
                .SelectMany(part => parts[part.Key].Relevance)
                .Where(pair => pair.Value >= 2)
                .DistinctBy(pair => pair.Key)
                .ToDictionary()
        );
    }

    private static List<LabelledText> ReadTask(string folder, string suite, string task, string part)
    {
        string path = Path.Combine(folder, suite, "tasks", $"{task}.{part}.jsonl.zst");
        return File.Exists(path) ? Read(path) : [];
    }

    private static List<LabelledText> Read(string path)
    {
        List<string?> labels = Read(path, node => (string?)node["label"]);
        return [.. new RowReader([path]).Read().Select((row, i) => new LabelledText(row.Text, row.Source, labels[i]))];
    }

    private static List<(string Original, LabelledText Row)> ReadVariants(string path)
    {
        List<string> originals = Read(path, node => (string)node["dup_of"]!);
        return [.. Read(path).Select((row, i) => (originals[i], row))];
    }

    private static List<T> Read<T>(string path, Func<JsonNode, T> read) =>
        [.. new RowReader([path]).Read(RowFields.None).Select(row => read(JsonNode.Parse(row.Utf8.Span)!))];

    private static Func<IReadOnlyList<string>, EmbeddingMatrix> Fit(
        IReadOnlyList<LabelledText> rows,
        SuiteEmbedder embedder
    )
    {
        if (embedder.Command is { } command)
        {
            return FitNamed(rows, command);
        }

        TextSample sample = new(embedder.Options);
        for (int i = 0; i < rows.Count; i++)
        {
            sample.Add(i, rows[i].Text);
        }

        LexicalEmbedder? lexical = embedder.IsRandom ? null : LexicalEmbedder.Fit(sample.Texts, embedder.Options);
        HashedProjection? projection = embedder.IsRandom ? HashedProjection.Fit(sample.Texts, embedder.Options) : null;
        int dimension = embedder.Options.Dimension;
        return texts =>
        {
            float[] values = new float[texts.Count * dimension];
            Parallel.For(
                0,
                texts.Count,
                i =>
                {
                    Span<float> destination = values.AsSpan(i * dimension, dimension);
                    if (lexical is not null)
                    {
                        lexical.Embed(texts[i], destination);
                    }
                    else
                    {
                        projection!.Embed(texts[i], destination);
                    }
                }
            );
            return new EmbeddingMatrix(values, dimension).Normalize(Normalization.L2);
        };
    }

    private static Func<IReadOnlyList<string>, EmbeddingMatrix> FitNamed(
        IReadOnlyList<LabelledText> rows,
        string command
    )
    {
        EmbedderFitting fitting = EmbedderFitting.Open(
            new EmbedderOptions { Name = command },
            Environment.ProcessorCount
        );
        for (int i = 0; i < rows.Count; i++)
        {
            fitting.Add(i, rows[i].Text);
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("tsds-quality");
        IEmbedder embedder = fitting.OpenOrFit(folder.FullName, null, CancellationToken.None);
        folder.Delete(recursive: true);
        return texts =>
        {
            float[]? values = null;
            int dimension = 0;
            int done = 0;
            foreach (string[] batch in texts.Chunk(1_000))
            {
                EmbeddingMatrix embedded = embedder
                    .EmbedAsync(batch, TextRole.Passage, CancellationToken.None)
                    .AsTask()
                    .GetAwaiter()
                    .GetResult();
                dimension = embedded.Dimension;
                values ??= new float[texts.Count * dimension];
                embedded.Values.CopyTo(values.AsMemory(done * dimension));
                done += batch.Length;
            }

            // A text that the embedder does not know has no direction; a selection leaves it out, here it gets one.
            for (int text = 0; text < texts.Count; text++)
            {
                Span<float> vector = values.AsSpan(text * dimension, dimension);
                vector[0] = vector.ContainsAnyExcept(0f) ? vector[0] : 1;
            }

            return new EmbeddingMatrix(values!, dimension).Normalize(Normalization.L2);
        };
    }
}
