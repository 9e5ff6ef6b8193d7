namespace Tsds.Tests;

/// <summary>
/// Compares text with an approved file; TSDS_APPROVE=1 writes the file instead, for a person to read in the diff.
/// </summary>
internal static class Approval
{
    public static void Matches(string actual, string path)
    {
        if (Environment.GetEnvironmentVariable("TSDS_APPROVE") == "1")
        {
            File.WriteAllText(Path.Combine(Repository.Root, "tests", "Tsds.Tests", path), actual);
            return;
        }

        string approved = Path.Combine(AppContext.BaseDirectory, path);
        Assert.True(File.Exists(approved), $"{path} is missing; run the tests with TSDS_APPROVE=1 and read the diff.");
        Assert.Equal(File.ReadAllText(approved), actual);
    }
}
