using System.Text.Json.Nodes;

namespace Tsds.IntegrationTests;

/// <summary>The output folder of a selection.</summary>
internal static class Bundle
{
    /// <summary>Compares all files byte for byte, the manifests without <c>run</c>.</summary>
    public static void AssertSame(string expected, string actual)
    {
        KilledRuns.AssertSameFiles(expected, actual);
        Assert.Equal(ManifestOf(expected), ManifestOf(actual));
    }

    private static string ManifestOf(string folder)
    {
        JsonObject manifest = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, "manifest.json")))!.AsObject();
        manifest.Remove("run");
        return manifest.ToJsonString();
    }
}
