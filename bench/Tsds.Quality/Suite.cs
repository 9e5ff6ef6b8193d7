using System.Text.Json;
using Tsds.Data.Embedding;
using Tsds.Data.Rows;

namespace Tsds.Quality;

/// <summary>One suite of the evaluation data, embedded: a pool with the source of each row, and the tasks.</summary>
internal sealed class Suite
{
    private Suite(string name, EmbeddingMatrix pool, string[] sources, IReadOnlyList<SuiteTask> tasks)
    {
        Name = name;
        Pool = pool;
        Sources = sources;
        Tasks = tasks;
    }

    public string Name { get; }

    public EmbeddingMatrix Pool { get; }

    public string[] Sources { get; }

    public IReadOnlyList<SuiteTask> Tasks { get; }

    /// <summary>Reads and embeds a suite.</summary>
    /// <param name="folder">The folder of the data.</param>
    /// <param name="name">The suite.</param>
    /// <param name="withCopies">Whether the planted near-duplicates are appended.</param>
    /// <param name="usesLsa">The lexical embedder, or the random projection that it is compared with.</param>
    public static Suite Load(string folder, string name, bool withCopies, bool usesLsa)
    {
        List<string> files = [Path.Combine(folder, name, "pool.jsonl.zst")];
        if (withCopies)
        {
            files.Add(Path.Combine(folder, name, "dups_x100.jsonl.zst"));
        }

        (List<string> texts, List<string> sources) = Read([.. files]);
        TextSample sample = new(LexicalEmbedderOptions.Default);
        for (int i = 0; i < texts.Count; i++)
        {
            sample.Add(i, texts[i]);
        }

        Func<IReadOnlyList<string>, EmbeddingMatrix> embed = Embedder(sample.Texts, usesLsa);
        List<SuiteTask> tasks = [];
        using JsonDocument described = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "tasks.json")));
        foreach (JsonProperty task in described.RootElement.GetProperty(name).EnumerateObject())
        {
            HashSet<string> right = [];
            if (task.Value.TryGetProperty("relevance", out JsonElement relevance) && relevance.ValueKind == JsonValueKind.Object)
            {
                right.UnionWith(relevance.EnumerateObject().Where(source => source.Value.GetDouble() == 2).Select(source => source.Name));
            }

            string path = Path.Combine(folder, name, "tasks", task.Name + ".query.jsonl.zst");
            if (right.Count > 0)
            {
                tasks.Add(new SuiteTask(task.Name, embed(Read([path]).Texts), right));
            }
        }

        return new Suite(name, embed(texts), [.. sources], tasks);
    }

    private static (List<string> Texts, List<string> Sources) Read(string[] files)
    {
        RowReader reader = new(files, new RowReaderOptions());
        List<string> texts = [];
        List<string> sources = [];
        foreach (Row row in reader.Read())
        {
            texts.Add(row.Text);
            sources.Add(row.Source);
        }

        return (texts, sources);
    }

    private static Func<IReadOnlyList<string>, EmbeddingMatrix> Embedder(IReadOnlyList<string> sample, bool usesLsa)
    {
        LexicalEmbedder lexical = LexicalEmbedder.Fit(sample, LexicalEmbedderOptions.Default);
        HashedProjection? projection = usesLsa ? null : HashedProjection.Fit(sample, LexicalEmbedderOptions.Default);
        int dimension = lexical.Dimension;
        return texts =>
        {
            float[] values = new float[texts.Count * dimension];
            Parallel.For(0, texts.Count, i =>
            {
                Span<float> destination = values.AsSpan(i * dimension, dimension);
                if (projection is not null)
                {
                    projection.Embed(texts[i], destination);
                }
                else
                {
                    lexical.Embed(texts[i], destination);
                }
            });
            return new EmbeddingMatrix(values, dimension).Normalize(Normalization.L2);
        };
    }
}
