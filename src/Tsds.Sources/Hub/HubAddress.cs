namespace Tsds.Sources.Hub;

/// <summary>An address on the Hugging Face hub: <c>hf://datasets/ORG/NAME[@REVISION][/PATH]</c>.</summary>
/// <param name="Id">The dataset, <c>ORG/NAME</c>.</param>
/// <param name="Revision">The branch, tag or commit, or null for main.</param>
/// <param name="Path">The path in it; empty for all of it.</param>
internal sealed record HubAddress(string Id, string? Revision, string Path)
{
    public const string Scheme = "hf";

    private const string Datasets = "hf://datasets/";
    private const string References = "refs";

    /// <summary>Gets the beginning of all addresses in the dataset, with its slash.</summary>
    public string Root => Revision is null ? $"{Datasets}{Id}/" : $"{Datasets}{Id}@{Revision}/";

    /// <summary>Gets the branch, tag or commit.</summary>
    public string ResolvedRevision => Revision is null ? "main" : Uri.UnescapeDataString(Revision);

    /// <summary>Parses an address.</summary>
    /// <exception cref="ArgumentException">It is not complete.</exception>
    public static HubAddress Parse(string address)
    {
        string[] parts = address.StartsWith(Datasets, StringComparison.Ordinal)
            ? address[Datasets.Length..].Split('/')
            : [];
        if (parts is not [{ Length: > 0 } owner, { Length: > 0 } named, ..])
        {
            throw new ArgumentException(
                $"Expected hf://datasets/ORG/NAME[@REVISION][/PATH] or hf://buckets/ORG/NAME[/PATH], found "
                    + $"'{address}'."
            );
        }

        string[] rest = parts[2..];
        string[] name = named.Split('@', 2);
        string? revision = name.Length > 1 ? name[1] : null;

        // Of what the hub converts itself, the revision has slashes: refs/convert/parquet, refs/pr/1.
        if (revision == References && rest.Length >= 2)
        {
            revision = $"{References}/{rest[0]}/{rest[1]}";
            rest = rest[2..];
        }

        // A split, ORG/NAME:SPLIT, is not part of the name.
        int colon = (revision ?? name[0]).LastIndexOf(':');
        return colon < 0 || rest.Length > 0
            ? new HubAddress($"{owner}/{name[0]}", revision, string.Join('/', rest))
            : new HubAddress($"{owner}/{name[0].Split(':')[0]}", revision?[..colon], "");
    }
}
