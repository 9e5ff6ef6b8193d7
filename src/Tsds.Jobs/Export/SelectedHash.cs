using System.Text.Json;
using Tsds.Data.Files;
using Tsds.Jobs.Bundle;

namespace Tsds.Jobs.Export;

/// <summary>Compares the rows of a selection with the hash that its manifest has of them.</summary>
internal static class SelectedHash
{
    /// <summary>Determines whether the rows were changed after they were selected.</summary>
    /// <param name="selection">The folder of the selection.</param>
    /// <returns>False too where the manifest has no hash of them.</returns>
    public static bool IsEdited(string selection)
    {
        string manifest = Path.Combine(selection, SelectionFiles.Manifest);
        return File.Exists(manifest)
            && HashIn(File.ReadAllBytes(manifest)) is { } selected
            && FileHash.Of(Path.Combine(selection, SelectionFiles.Selected)) != selected;
    }

    private static string? HashIn(byte[] manifest)
    {
        using JsonDocument document = JsonDocument.Parse(manifest);
        if (
            !document.RootElement.TryGetProperty("outputs", out JsonElement outputs)
            || outputs.ValueKind != JsonValueKind.Array
        )
        {
            return null;
        }

        foreach (JsonElement output in outputs.EnumerateArray())
        {
            if (
                output.TryGetProperty("name", out JsonElement name)
                && name.ValueEquals(SelectionFiles.Selected)
                && output.TryGetProperty("sha256", out JsonElement hash)
            )
            {
                return hash.GetString();
            }
        }

        return null;
    }
}
