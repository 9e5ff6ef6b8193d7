using Tsds.Data.Files;
using Tsds.Data.Store;

namespace Tsds.Cli.Output;

/// <summary>The events of <c>tsds cache</c>.</summary>
internal static class CacheEvents
{
    public static JsonEvent Contents(string folder, IReadOnlyList<VectorCacheEntry> entries) =>
        new(
            "cache",
            json =>
            {
                json.WriteString("folder", folder);
                json.WriteNumber("bytes", entries.Sum(entry => entry.Bytes));
                json.WriteObjects(
                    "entries",
                    entries,
                    entry =>
                    {
                        json.WriteString("embedder", entry.Embedder);
                        json.WriteFinite("dimension", entry.Dimension);
                        json.WriteNumber("rows", entry.Rows);
                        json.WriteNumber("bytes", entry.Bytes);
                        json.WriteString("lastUsed", entry.LastUsed);
                    }
                );
            }
        );

    public static JsonEvent Cleared(string folder, long bytes) =>
        new(
            "cleared",
            json =>
            {
                json.WriteString("folder", folder);
                json.WriteNumber("bytes", bytes);
            }
        );
}
