using System.Text;

namespace Tsds.IntegrationTests.Sources;

/// <summary>
/// The tokens, keys and passwords that commands find in their environment, and that nobody may find anywhere else.
/// </summary>
internal static class PlantedSecrets
{
    public const string HubToken = "hf_PlantedTokenThatNobodyMaySee0123456789";
    public const string KeyId = "PLANTEDKEYIDTHATNOBODYSEES";
    public const string Secret = "PlantedSecret/That+NobodyMaySee0123456789";
    public const string SessionToken = "PlantedSessionToken/That+NobodyMaySee==";
    public const string Password = "PlantedPasswordThatNobodyMaySee";
    public const string QdrantKey = "PlantedKeyThatNobodyMaySee0123456789";

    private static readonly string[] All = [HubToken, KeyId, Secret, SessionToken, Password, QdrantKey];

    /// <summary>Returns an environment with all of them, in which a process leaves its traces below a folder.</summary>
    /// <param name="folder">The folder.</param>
    public static Dictionary<string, string> Plant(TestFolder folder) =>
        new()
        {
            ["HF_TOKEN"] = HubToken,
            ["AWS_ACCESS_KEY_ID"] = KeyId,
            ["AWS_SECRET_ACCESS_KEY"] = Secret,
            ["AWS_SESSION_TOKEN"] = SessionToken,
            ["PGUSER"] = "reader",
            ["PGPASSWORD"] = Password,
            ["QDRANT_API_KEY"] = QdrantKey,

            // What a killed process leaves is looked at too. The runtime's own pipes would lie there and never end.
            ["TMPDIR"] = Directory.CreateDirectory(folder["temporary"]).FullName,
            ["DOTNET_EnableDiagnostics"] = "0",
        };

    /// <summary>Looks for them in what a command has printed.</summary>
    public static void AssertNotIn(CliResult result) =>
        AssertNotIn("the output", Encoding.UTF8.GetBytes(result.Out + result.Error));

    /// <summary>Looks for them in all files that commands have left in a folder and in their cache.</summary>
    public static void AssertNotBelow(TestFolder folder)
    {
        string[] roots = [folder.Root, folder.Root + TestFolder.CacheSuffix];
        foreach (string root in roots.Where(Directory.Exists))
        {
            foreach (string file in Directory.GetFiles(root, "*", SearchOption.AllDirectories))
            {
                AssertNotIn(file, File.ReadAllBytes(file));
            }
        }
    }

    /// <summary>Looks for them in all files that commands have left, and deletes the files.</summary>
    public static void DisposeWithout(TestFolder folder)
    {
        using (folder)
        {
            AssertNotBelow(folder);
        }
    }

    /// <summary>Looks for them, as they are and as they stand in addresses and headers.</summary>
    /// <param name="what">What is looked at.</param>
    /// <param name="content">Its content.</param>
    public static void AssertNotIn(string what, ReadOnlySpan<byte> content)
    {
        foreach (string secret in All)
        {
            byte[] plain = Encoding.UTF8.GetBytes(secret);
            string[] forms = [secret, Uri.EscapeDataString(secret), Convert.ToBase64String(plain)];
            foreach (string form in forms)
            {
                Assert.True(content.IndexOf(Encoding.UTF8.GetBytes(form)) < 0, $"{what} holds {secret}.");
            }
        }
    }
}
