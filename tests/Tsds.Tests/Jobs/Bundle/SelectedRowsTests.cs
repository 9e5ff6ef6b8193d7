using System.Security.Cryptography;
using Tsds.Jobs.Bundle;

namespace Tsds.Tests.Jobs.Bundle;

public sealed class SelectedRowsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public SelectedRowsTests() => _folder.Write("selected.jsonl", """{"text":"row"}""");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_NoManifest_IsNull() => Assert.Null(SelectedRows.Read(_folder.Root));

    /// <summary>A version to come may write a specification and options that this one does not know.</summary>
    [Fact]
    public void Read_ManifestOfALaterVersion_TellsHowRowsAreReadAndWhetherTheyChanged()
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder["selected.jsonl"])));
        _folder.Write(
            "manifest.json",
            $$"""
            {"spec":{"version":99,"hope":1},"options":{"sampling":"by dice","textField":"text","schema":"text"},
            "outputs":[{"name":"path.csv"},{"name":"selected.jsonl","bytes":1,"sha256":"{{hash}}","more":[]}]}
            """
        );

        SelectedRows rows = SelectedRows.Read(_folder.Root)!;

        Assert.Equal(new SelectedRows.Reading("text", "text"), rows.Options);
        Assert.False(rows.AreEdited(_folder["selected.jsonl"]));
        File.AppendAllText(_folder["selected.jsonl"], "{}\n");
        Assert.True(rows.AreEdited(_folder["selected.jsonl"]));
    }

    [Theory]
    [InlineData("""{"options":{}}""")]
    [InlineData("""{"options":{"textField":null,"schema":null},"outputs":[]}""")]
    [InlineData("""{"options":{},"outputs":[{"name":"selected.jsonl"}]}""")]
    public void Read_NoHashAndNoField_TellsNothing(string manifest)
    {
        _folder.Write("manifest.json", manifest);

        SelectedRows rows = SelectedRows.Read(_folder.Root)!;

        Assert.Equal(new SelectedRows.Reading(null, null), rows.Options);
        Assert.False(rows.AreEdited(_folder["selected.jsonl"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"options":null}""")]
    [InlineData("""{"options":{"textField":5}}""")]
    public void Read_SomethingElse_IsOneSentence(string content)
    {
        _folder.Write("manifest.json", content);

        string message = Assert.Throws<InvalidDataException>(() => SelectedRows.Read(_folder.Root)).Message;

        Assert.StartsWith("Expected a manifest of tsds at ", message, StringComparison.Ordinal);
        Assert.EndsWith("select again to get one.", message, StringComparison.Ordinal);
    }
}
