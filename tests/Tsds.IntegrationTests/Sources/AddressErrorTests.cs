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
    [InlineData("ftp://host/rows.jsonl", "expected an address that begins with hf://, s3:// or https://, found ftp://")]
    [InlineData("http://example.org/rows.jsonl", "expected an address that begins with https://, found http://")]
    [InlineData("https://user:secretword@example.org/rows.jsonl", "expected an address without a password")]
    [InlineData("https://example.org/rows.jsonl?X-Amz-Signature=secretword", "expected an address without secrets")]
    public void Resolve_AddressThatCannotBeRead_SaysWhatToDo(string address, string sentence)
    {
        using SourceSession session = SourceSession.Open(servers.Options, TestContext.Current.CancellationToken);
        string message = Record.Exception(() => SelectionJob.Estimate(Selecting(address)))?.Message ?? "";
        Assert.Contains(sentence, message, StringComparison.Ordinal);
        Assert.DoesNotContain("secretword", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
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
