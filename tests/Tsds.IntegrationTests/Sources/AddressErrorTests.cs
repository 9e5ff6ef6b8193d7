using Tsds.Jobs.Inputs;
using Tsds.Jobs.Select;
using Tsds.Sources;

namespace Tsds.IntegrationTests.Sources;

/// <summary>Addresses that cannot be read: one sentence each, which says what to do.</summary>
/// <param name="servers">The servers.</param>
public sealed class AddressErrorTests(AddressErrorTests.Servers servers) : IClassFixture<AddressErrorTests.Servers>
{
    [Theory]
    [InlineData("hf://datasets/gated/rows", "/datasets/gated/rows, and set HF_TOKEN to a token of your account.")]
    [InlineData("hf://datasets/org/missing", "check the name, and if it is private set HF_TOKEN")]
    [InlineData("hf://datasets/org/rows@v9", "expected the revision v9, found none of that name.")]
    [InlineData("hf://datasets/org/rows:valid", "expected the split valid, found test, train.")]
    [InlineData("hf://datasets/org/rows/data/none-*", "expected files that match the glob, found none.")]
    [InlineData("hf://models/org/rows", "Expected hf://datasets/ORG/NAME[@REVISION][/PATH]")]
    [InlineData("s3://absent/rows", "s3://absent/: expected a bucket, found none of that name.")]
    [InlineData("s3://pool/absent", "s3://pool/absent: expected a file, a folder or a glob, found nothing")]
    [InlineData(
        "ftp://host/rows.jsonl",
        "ftp://...: expected an address that begins with hf://, s3://, https://, postgres:// or qdrant://"
    )]
    [InlineData("http://example.org/rows.jsonl", "expected an address that begins with https://, found http://")]
    [InlineData("https://user:secretword@example.org/rows.jsonl", "expected an address without a password")]
    [InlineData("https://user:secretword@:99999/rows.jsonl", "expected an address without a password")]
    [InlineData("https://user:secretword/x@example.org/rows.jsonl", "https://example.org/rows.jsonl: expected an")]
    [InlineData("postgres://user:secretword@host/db/rows?vector=v", "postgres://host/db/rows: expected an address")]
    [InlineData("postgres://user:secret?word@host/db/rows?vector=v", "postgres://host/db/rows: expected an address")]
    [InlineData("postgres://host/db/rows?vector=v&password=secretword", "without a password, found one in it")]
    [InlineData("qdrant://secretword@host/rows", "qdrant://host/rows: expected an address without a key")]
    [InlineData("qdrant://host/rows?api_key=secretword", "qdrant://host/rows: expected an address without a key")]
    [InlineData("s3://KEY:secretword@pool/rows", "s3://pool/rows: expected an address without keys")]
    [InlineData("s3://KEY:secret/word@pool/rows", "s3://pool/rows: expected an address without keys")]
    [InlineData("https://example.org/rows.jsonl?X-Amz-Signature=secretword", "expected an address without secrets")]
    public void Resolve_AddressThatCannotBeRead_SaysWhatToDo(string address, string sentence)
    {
        using SourceSession session = SourceSession.Open(servers.Options, TestContext.Current.CancellationToken);
        string message = Record.Exception(() => SelectionJob.Estimate(Selecting(address)))?.Message ?? "";
        Assert.Contains(sentence, message, StringComparison.Ordinal);
        Assert.DoesNotContain("secretword", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Open_ServerWithAPassword_SaysSo()
    {
        Uri server = new("https://user:secretword@example.org");
        foreach (
            SourceOptions options in new[]
            {
                new SourceOptions { Hub = server },
                new() { Endpoint = server },
            }
        )
        {
            string message =
                Record.Exception(() => SourceSession.Open(options, TestContext.Current.CancellationToken))?.Message
                ?? "";
            Assert.Contains("expected the address of a server without a password", message);
            Assert.DoesNotContain("secretword", message, StringComparison.Ordinal);
        }
    }

    private static SelectionJobOptions Selecting(string address)
    {
        Assert.True(Budget.TryParse("5", out Budget budget));
        return new SelectionJobOptions
        {
            Spec = new SelectionSpec
            {
                Pool = [address],
                Targets = [address],
                Budget = budget,
            },
            Output = "out",
        };
    }

    /// <summary>A hub and a bucket.</summary>
    public sealed class Servers : IAsyncLifetime
    {
        private readonly TestFolder _folder = new();
        private WebServer _hub = null!;
        private ObjectServer _objects = null!;

        /// <summary>Gets how they are read.</summary>
        public SourceOptions Options { get; private set; } = new();

        public async ValueTask InitializeAsync()
        {
            Directory.CreateDirectory(_folder["hub/org/rows/data"]);
            _folder.WritePool("hub/org/rows/data/train.jsonl", 5);
            _folder.WritePool("hub/org/rows/data/test.jsonl", 5);
            _hub = await WebServer.StartAsync(new HubStandIn(_folder["hub"]).AnswerAsync);
            _objects = await ObjectServer.StartAsync();
            Options = new SourceOptions
            {
                Hub = _hub.Url,
                Endpoint = _objects.Url,
                CacheFolder = _folder["cache"],
            };
        }

        public async ValueTask DisposeAsync()
        {
            await _hub.DisposeAsync();
            await _objects.DisposeAsync();
            _folder.Dispose();
        }
    }
}
