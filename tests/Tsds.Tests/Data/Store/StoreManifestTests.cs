using Tsds.Data.Embedding;
using Tsds.Data.Store;

namespace Tsds.Tests.Data.Store;

public sealed class StoreManifestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tsds-manifest-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(VectorPrecision.Full, "float32")]
    [InlineData(VectorPrecision.Half, "float16")]
    public void Manifest_WrittenAndRead_IsTheSame(VectorPrecision precision, string word)
    {
        StoreManifest manifest = Create(precision);

        manifest.Write(_folder);
        StoreManifest again = StoreManifest.TryRead(_folder)!;

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
            File.ReadAllText(Path.Combine(_folder, StoreManifest.FileName)).ReplaceLineEndings("\n")
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
        Create(VectorPrecision.Full).Write(_folder);
        string path = Path.Combine(_folder, StoreManifest.FileName);
        string text = File.ReadAllText(path);
        Assert.Contains(find, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(find, replacement, StringComparison.Ordinal));

        Assert.StartsWith(
            "Expected the manifest of a vector store, version 1, in ",
            Assert.Throws<InvalidDataException>(() => StoreManifest.TryRead(_folder)).Message,
            StringComparison.Ordinal
        );
        Assert.False(StoreManifest.IsIn(_folder));
    }

    private StoreManifest Create(VectorPrecision precision) =>
        StoreManifest.Begin(
            new StoreSettings(
                _folder,
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
