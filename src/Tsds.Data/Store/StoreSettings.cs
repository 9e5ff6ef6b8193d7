using Tsds.Data.Embedding;

namespace Tsds.Data.Store;

/// <summary>The folder of a vector store and the settings that, with the texts, determine its bytes.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Force">True to replace an existing store in the folder.</param>
/// <param name="Embedder">The embedder.</param>
/// <param name="Precision">How vectors are stored.</param>
/// <param name="Template">The template of the text that is embedded, or null for the whole row's text.</param>
internal sealed record StoreSettings(
    string Folder,
    bool Force,
    EmbedderOptions Embedder,
    VectorPrecision Precision,
    string? Template
);
