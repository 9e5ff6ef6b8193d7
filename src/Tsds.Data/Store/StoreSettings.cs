using Tsds.Data.Embedding;

namespace Tsds.Data.Store;

/// <summary>Where a vector store is written, and what decides its bytes beside the texts.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Force">Whether a store in the folder is written anew.</param>
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
