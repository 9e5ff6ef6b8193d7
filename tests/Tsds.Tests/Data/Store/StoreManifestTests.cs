using Tsds.Data.Embedding;
using Tsds.Data.Store;

namespace Tsds.Tests.Data.Store;

public sealed class StoreManifestTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(VectorPrecision.Full, "float32")]
    [InlineData(VectorPrecision.Half, "float16")]
    public void Manifest_WrittenAndRead_IsTheSame(VectorPrecision precision, string word)
    {
        StoreManifest manifest = Create(precision);

        manifest.Write(_folder.Root);
        StoreManifest again = StoreManifest.TryRead(_folder.Root)!;

        Assert.Equivalent(manifest, again, strict: true);
        Assert.Equal(
            $$"""
            {
              "format": "tsds-vector-store",
              "version": 1,
              "complete": true,
              "embedder": "openai:http://localhost/v1#model",
              "queryPrefix": "query: ",
              "passagePrefix": "",
              "identity": "model \"x\" é",
              "store": "{{word}}",
              "template": null,
              "dimension": 8,
              "rows": 5000,
              "shards": [
                {
                  "file": "000000-a.npy",
                  "rows": 4096,
                  "texts": "a",
                  "sha256": "b"
                },
                {
                  "file": "000001-c.npy",
                  "rows": 904,
                  "texts": "c",
                  "sha256": "d"
                }
              ]
            }
            """.ReplaceLineEndings("\n"),
            File.ReadAllText(_folder[StoreManifest.FileName]).ReplaceLineEndings("\n")
        );
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": 2")]
    [InlineData("tsds-vector-store", "tsds-pool-index")]
    [InlineData("openai:", "closed:")]
    [InlineData("000001-c.npy", "../c.npy")]
    [InlineData("\"dimension\": 8,", "")]
    [InlineData("\"texts\": \"c\",", "")]
    [InlineData("\"template\": null", "\"template\": 3")]
    [InlineData("\"embedder\"", "\"other\"")]
    public void Manifest_SomethingElse_IsRefused(string find, string replacement)
    {
        Create(VectorPrecision.Full).Write(_folder.Root);
        string path = _folder[StoreManifest.FileName];
        string text = File.ReadAllText(path);
        Assert.Contains(find, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(find, replacement, StringComparison.Ordinal));

        Assert.StartsWith(
            "Expected the manifest of a vector store, version 1, in ",
            Assert.Throws<InvalidDataException>(() => StoreManifest.TryRead(_folder.Root)).Message,
            StringComparison.Ordinal
        );
        Assert.False(StoreManifest.IsIn(_folder.Root));
    }

    private StoreManifest Create(VectorPrecision precision) =>
        StoreManifest.Begin(
            new StoreSettings(
                _folder.Root,
                false,
                new EmbedderOptions { Name = "openai:http://localhost/v1#model", QueryPrefix = "query: " },
                precision,
                null
            ),
            "model \"x\" é"
        ) with
        {
            IsComplete = true,
            Dimension = 8,
            Chunks =
            [
                new StoreManifest.ChunkRecord("000000-a.npy", 4096, "a", "b"),
                new StoreManifest.ChunkRecord("000001-c.npy", 904, "c", "d"),
            ],
        };
}
